import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Stage } from './stage.ts';

/** What a function of the house logs as a metric (`shared/aws/meter.ts`); their sum unless told. */
export function ownMetric(stage: Stage, metricName: string, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace: 'Pressrun',
    metricName,
    dimensionsMap: { stage: stage.name },
    statistic: Stats.SUM,
    ...options,
  });
}
