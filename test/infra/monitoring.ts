import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Monitoring } from '../../infra/monitoring.ts';
import { stageNamed } from '../../infra/stage.ts';
import { resourcesOf, synthesise } from './synthesised.ts';

describe('monitoring', () => {
  const dev = synthesise({ stage: 'dev', alarmEmail: 'desk@example.com', purgeBudget: 1000 });
  const alarms = resourcesOf(dev, 'AWS::CloudWatch::Alarm');

  /** The logical ids of the resources that a metric is watched on. */
  function watched(metricName: string): string[] {
    return alarms
      .filter(({ properties }) => properties.MetricName === metricName)
      .flatMap(({ properties }) => properties.Dimensions.map(({ Value }) => idOf(Value)))
      .sort();
  }

  function idOf(value: unknown): string {
    const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
    return Ref ?? attribute?.[0] ?? String(value);
  }

  const idsOf = (resources: readonly { readonly id: string }[]): string[] => resources.map(({ id }) => id).sort();

  const queues = resourcesOf(dev, 'AWS::SQS::Queue');
  const isDeadLetters = ({ properties }: (typeof queues)[number]): boolean => properties.QueueName.endsWith('-dlq');

  test('every dead-letter queue has an alarm', () => {
    expect(watched('ApproximateNumberOfMessagesVisible')).toEqual(idsOf(queues.filter(isDeadLetters)));
  });

  test('every work queue has an alarm for its backlog', () => {
    expect(watched('ApproximateAgeOfOldestMessage')).toEqual(idsOf(queues.filter((queue) => !isDeadLetters(queue))));
  });

  test('every function has an alarm for errors and one for throttles', () => {
    const functions = idsOf(resourcesOf(dev, 'AWS::Lambda::Function'));
    expect(watched('Errors')).toEqual(functions);
    expect([...new Set(watched('Throttles'))]).toEqual(functions);
  });

  test('throttles of deliver raise an alarm in the first minute, because readers see them', () => {
    dev.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Throttles',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^EdgeDeliver') } }],
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
    });
  });

  test('the stream, the bus and the scheduler have alarms', () => {
    expect(watched('IteratorAge')).toEqual([expect.stringMatching(/^ProjectFunction/)]);
    const rule = ['pressrun-dev-commands', expect.stringMatching(/^Bus[0-9A-F]{8}$/)];
    expect(watched('FailedInvocations')).toEqual(expect.arrayContaining(rule));
    expect(watched('InvocationsFailedToBeSentToDlq')).toEqual(expect.arrayContaining(rule));
    expect(watched('InvocationDroppedCount')).toEqual(['pressrun-dev']);
  });

  test('drift raises an alarm, on the metric that reconcile logs', () => {
    dev.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Pressrun',
      MetricName: 'Drift',
      Dimensions: [{ Name: 'stage', Value: 'dev' }],
      Statistic: 'Sum',
      Threshold: 1,
    });
  });

  test('every alarm has an action and links its runbook page', () => {
    const topic = expect.stringMatching(/^MonitoringAlarms/) as unknown as string;
    for (const { properties } of alarms) {
      expect(properties.AlarmActions).toEqual([{ Ref: topic }]);
      expect(properties.AlarmDescription).toMatch(/^[^.]+\. What to do: docs\/runbook\/[a-z-]+\.md$/);
    }
    expect(new Set(alarms.map(({ properties }) => properties.AlarmName)).size).toBe(alarms.length);
  });

  test('every alarm has a page in docs/runbook, and every page an alarm', () => {
    const pages = new URL('../../docs/runbook/', import.meta.url);
    const described = alarms.map(({ properties }) => properties.AlarmDescription);
    const titled = readdirSync(pages).map(
      (file) =>
        `${/^# (.+)\n\n_Rings when_ /.exec(readFileSync(new URL(file, pages), 'utf8'))?.[1] ?? 'untitled'}. What to do: docs/runbook/${file}`,
    );
    expect([...new Set(described)].sort()).toEqual(titled.sort());
  });

  test.each(readdirSync(new URL('../../docs/runbook/', import.meta.url)))(
    'docs/runbook/%s says what to do, and when the incident is over',
    (file) => {
      const page = readFileSync(new URL(`../../docs/runbook/${file}`, import.meta.url), 'utf8');
      expect(page).toContain('**Symptom.** ');
      expect(page).toContain('**What readers notice.** ');
      expect([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
        'First command',
        'Causes, the likeliest first',
        'Repair',
        'How to see that it is over',
      ]);
      const [, metric] = /^\*\*Symptom\.\*\* Metric `(\w+)`/m.exec(page) ?? [];
      if (metric !== undefined) {
        const own = alarms.filter(({ properties }) => properties.AlarmDescription.endsWith(`docs/runbook/${file}`));
        expect(own.map(({ properties }) => properties.MetricName)).toContain(metric);
      }
    },
  );

  test('alarms cover late publishes, failed withdrawals, rejections and a watcher that measures nothing', () => {
    const pipeline = (metric: string, more: object): void => {
      dev.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'Pressrun',
        MetricName: metric,
        Dimensions: [{ Name: 'stage', Value: 'dev' }],
        Statistic: 'Sum',
        ...more,
      });
    };
    pipeline('NotFresh', { Threshold: 1, Period: 300 });
    pipeline('StillPublic', { Threshold: 1, Period: 60 });
    pipeline('Rejected', { Threshold: 5, Period: 900 });
    pipeline('GivenUp', { Threshold: 1 });
    pipeline('Watched', {
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      EvaluationPeriods: 19,
    });
    const silent = synthesise({ stage: 'dev', canaryMinutes: '0' });
    expect(
      resourcesOf(silent, 'AWS::CloudWatch::Alarm').filter(({ properties }) => properties.MetricName === 'Watched'),
    ).toEqual([]);
  });

  test('the dashboard shows events, publish times, queues, purge cost and the cache hit rate', () => {
    const [board] = Object.values(dev.template.findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(board);
    for (const shown of [
      'MatchedEvents',
      'Stored',
      'Rejected',
      'WentLive',
      'WentRevised',
      'WentWithdrawn',
      'Fresh',
      'PublishToStored',
      'PublishToFeeds',
      'PublishToPurged',
      'PublishToFresh',
      'p50',
      'p95',
      'p99',
      'ApproximateNumberOfMessagesVisible',
      'ApproximateAgeOfOldestMessage',
      'IteratorAge',
      'Throttles',
      'PurgePaths',
      'paths * 0.005',
      'FILL(origin, 0) / requests',
    ])
      expect(body).toContain(shown);
    // CloudFront has its metrics in this region alone.
    expect(body).toMatch(/"AWS\/CloudFront[^\]]*\]?[^\]]*"region\W+us-east-1/);
  });

  test('the topic has an e-mail subscription only if an address is configured', () => {
    dev.template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'desk@example.com' });
    synthesise({}).template.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  test('a queue that is neither a work queue nor a dead-letter queue is rejected', () => {
    const app = new App();
    const stack = new Stack(app, 'stack');
    new Monitoring(stack, 'Monitoring', { stage: stageNamed('dev') });
    new Queue(stack, 'Stray');
    expect(() => app.synth()).toThrow(/stack\/Stray is neither/);
  });
});
