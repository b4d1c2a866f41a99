import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { outputOf, type Connection } from '../cli/connection.ts';
import { monthStart, type EdgeMetricsOf } from './edge-metrics.ts';

/** CloudWatch bills each metric that is read. */
const keptMs = 60_000;

/** CloudFront's metrics are in this region only. */
const cloudFrontRegion = 'us-east-1';

/**
 * Reads the CDN's counts of a stage from CloudWatch, at most once a minute: requests, how many of them `deliver`
 * answered, and purged paths.
 */
export function cloudWatchMetrics(connection: Pick<Connection, 'stage' | 'endpoint'>): EdgeMetricsOf {
  const kept = new Map<string, { readonly until: number; readonly metrics: ReturnType<EdgeMetricsOf> }>();
  return async (hours, minutes, now) => {
    // A laptop has no CloudWatch. The page that "npm start" serves itself has the counts of the laptop's edge.
    if (connection.stage === 'local') return undefined;
    const key = `${hours} ${minutes}`;
    const known = kept.get(key);
    if (known && now < known.until) return known.metrics;
    const metrics = read(connection, hours, minutes, now);
    kept.set(key, { until: now + keptMs, metrics });
    return metrics;
  };
}

async function read(
  connection: Pick<Connection, 'stage' | 'endpoint'>,
  ...[hours, minutes, now]: Parameters<EdgeMetricsOf>
): ReturnType<EdgeMetricsOf> {
  // Only here, since it takes its time to load.
  const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
  const { stage, endpoint } = connection;
  const settings = endpoint === undefined ? {} : { endpoint };
  const [global, own] = [
    new CloudWatchClient({ ...settings, region: cloudFrontRegion }),
    new CloudWatchClient(settings),
  ];
  const distribution = await outputOf(connection, 'DistributionId');
  const period = { from: now - hours * 3_600_000, to: now, seconds: 60 * minutes };
  const [requests, fromOrigin, purges] = await Promise.all([
    sums(global, period, 'AWS/CloudFront', 'Requests', { DistributionId: distribution, Region: 'Global' }),
    sums(own, period, 'AWS/Lambda', 'Invocations', { FunctionName: `pressrun-${stage}-deliver` }),
    sums(own, { from: monthStart(now), to: now, seconds: 86_400 }, 'Pressrun', 'PurgePaths', { stage }),
  ]);
  return {
    requests: Array.from(requests, ([at, count]) => ({ at, requests: count, fromOrigin: fromOrigin.get(at) ?? 0 })),
    purges: Array.from(purges, ([at, paths]) => ({ at, paths })),
  };
}

/** Returns the sums of a metric by the beginning of each period, epoch ms, oldest first. */
async function sums(
  client: CloudWatchClient,
  { from, to, seconds }: { readonly from: number; readonly to: number; readonly seconds: number },
  namespace: string,
  metricName: string,
  dimensions: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<number, number>> {
  const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const query: MetricDataQuery = {
    Id: 'sum',
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: seconds,
      Stat: 'Sum',
    },
  };
  const width = seconds * 1000;
  const { MetricDataResults: [result] = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(Math.floor(from / width) * width),
      EndTime: new Date(to),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [query],
    }),
  );
  const { Timestamps = [], Values = [] } = result ?? {};
  return new Map(Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0]));
}
