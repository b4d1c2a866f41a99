import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Stage } from './stage.ts';

/** A metric that one of Pressrun's functions logs (`shared/aws/meter.ts`); a sum by default. */
export function ownMetric(stage: Stage, metricName: string, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace: 'Pressrun',
    metricName,
    dimensionsMap: { stage: stage.name },
    statistic: Stats.SUM,
    ...options,
  });
}
