import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { cloudWatchMetrics } from '../../tools/dashboard/cloudwatch-metrics.ts';

const now = Date.parse('2026-11-26T12:00:30Z');
const seconds = (instant: string): number => Date.parse(instant) / 1000;

interface Asked {
  readonly region: string | undefined;
  readonly body: {
    readonly MetricDataQueries: readonly {
      readonly MetricStat: { readonly Metric: unknown; readonly Period: number };
    }[];
  };
}

let server: Server;
let endpoint = '';
let asked: Asked[] = [];
const before = { ...process.env };

/** CloudFormation in its query protocol, and CloudWatch in AWS's JSON protocol. */
beforeAll(async () => {
  Object.assign(process.env, { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' });
  server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const body = await text(request);
      if (body.includes('Action=DescribeStacks')) {
        response.end(
          '<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>pressrun-prod</StackName><Outputs><member><OutputKey>DistributionId</OutputKey><OutputValue>E123</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>',
        );
        return;
      }
      const region = /Credential=[^/]+\/\d+\/([^/]+)/.exec(request.headers.authorization ?? '')?.[1];
      const query = JSON.parse(body) as Asked['body'];
      asked.push({ region, body: query });
      const name = (query.MetricDataQueries[0]?.MetricStat.Metric as { MetricName: string }).MetricName;
      const counts: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
        Requests: [
          ['2026-11-26T11:58:00Z', 100],
          ['2026-11-26T11:59:00Z', 50],
        ],
        Invocations: [['2026-11-26T11:59:00Z', 10]],
        PurgePaths: [['2026-11-25T00:00:00Z', 1500]],
      };
      const found = counts[name] ?? [];
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(
        JSON.stringify({
          MetricDataResults: [
            { Id: 'sum', Timestamps: found.map(([at]) => seconds(at)), Values: found.map(([, value]) => value) },
          ],
        }),
      );
    };
    answer().catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  asked = [];
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  process.env = before;
});

test('the counts of a stage are CloudFront’s, those of its origin and Pressrun’s own', async () => {
  expect(await cloudWatchMetrics({ stage: 'prod', endpoint })(1, 1, now)).toEqual({
    requests: [
      { at: Date.parse('2026-11-26T11:58:00Z'), requests: 100, fromOrigin: 0 },
      { at: Date.parse('2026-11-26T11:59:00Z'), requests: 50, fromOrigin: 10 },
    ],
    purges: [{ at: Date.parse('2026-11-25T00:00:00Z'), paths: 1500 }],
  });
  const dimensions = (entries: Readonly<Record<string, string>>): unknown =>
    Object.entries(entries).map(([Name, Value]) => ({ Name, Value }));
  expect(asked.map(({ region, body }) => [region, body.MetricDataQueries[0]?.MetricStat])).toEqual(
    expect.arrayContaining([
      // CloudFront's metrics are in this region only.
      [
        'us-east-1',
        {
          Metric: {
            Namespace: 'AWS/CloudFront',
            MetricName: 'Requests',
            Dimensions: dimensions({ DistributionId: 'E123', Region: 'Global' }),
          },
          Period: 60,
          Stat: 'Sum',
        },
      ],
      [
        'eu-west-1',
        {
          Metric: {
            Namespace: 'AWS/Lambda',
            MetricName: 'Invocations',
            Dimensions: dimensions({ FunctionName: 'pressrun-prod-deliver' }),
          },
          Period: 60,
          Stat: 'Sum',
        },
      ],
      [
        'eu-west-1',
        {
          Metric: { Namespace: 'Pressrun', MetricName: 'PurgePaths', Dimensions: dimensions({ stage: 'prod' }) },
          Period: 86_400,
          Stat: 'Sum',
        },
      ],
    ]),
  );
});

test('CloudWatch is asked once a minute, and never for a laptop', async () => {
  const metrics = cloudWatchMetrics({ stage: 'prod', endpoint });
  await Promise.all([metrics(6, 5, now), metrics(6, 5, now + 59_999)]);
  expect(asked).toHaveLength(3);
  await metrics(6, 5, now + 60_000);
  expect(asked).toHaveLength(6);
  expect(await cloudWatchMetrics({ stage: 'local', endpoint })(6, 5, now)).toBeUndefined();
  expect(asked).toHaveLength(6);
});
