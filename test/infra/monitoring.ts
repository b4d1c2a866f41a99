import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Monitoring } from '../../infra/monitoring.ts';
import { stageNamed } from '../../infra/stage.ts';
import { resourcesOf, synthesise } from './synthesised.ts';

describe('monitoring', () => {
  const dev = synthesise({ stage: 'dev', alarmEmail: 'desk@example.com' });
  const alarms = resourcesOf(dev, 'AWS::CloudWatch::Alarm');

  /** The logical ids of what a metric is watched on. */
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

  test('every dead-letter queue rings at the first message', () => {
    expect(watched('ApproximateNumberOfMessagesVisible')).toEqual(idsOf(queues.filter(isDeadLetters)));
  });

  test('every work queue rings when it falls behind', () => {
    expect(watched('ApproximateAgeOfOldestMessage')).toEqual(idsOf(queues.filter((queue) => !isDeadLetters(queue))));
  });

  test('every function rings when it fails and when it is throttled', () => {
    const functions = idsOf(resourcesOf(dev, 'AWS::Lambda::Function'));
    expect(watched('Errors')).toEqual(functions);
    expect(watched('Throttles')).toEqual(functions);
  });

  test('the stream, the bus and the clock are watched', () => {
    expect(watched('IteratorAge')).toEqual([expect.stringMatching(/^ProjectFunction/)]);
    const rule = ['pressrun-dev-commands', expect.stringMatching(/^Bus[0-9A-F]{8}$/)];
    expect(watched('FailedInvocations')).toEqual(expect.arrayContaining(rule));
    expect(watched('InvocationsFailedToBeSentToDlq')).toEqual(expect.arrayContaining(rule));
    expect(watched('InvocationDroppedCount')).toEqual(['pressrun-dev']);
  });

  test('drift rings, on the metric that reconcile logs', () => {
    dev.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Pressrun',
      MetricName: 'Drift',
      Dimensions: [{ Name: 'stage', Value: 'dev' }],
      Statistic: 'Sum',
      Threshold: 1,
    });
  });

  test('every alarm tells somebody, and where to read what to do', () => {
    const topic = expect.stringMatching(/^MonitoringAlarms/) as unknown as string;
    for (const { properties } of alarms) {
      expect(properties.AlarmActions).toEqual([{ Ref: topic }]);
      expect(properties.AlarmDescription).toMatch(/^Runbook in README\.md: "[^"]+" \(#[a-z-]+\)$/);
    }
    expect(new Set(alarms.map(({ properties }) => properties.AlarmName)).size).toBe(alarms.length);
  });

  test('e-mail only where an address is given', () => {
    dev.template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'desk@example.com' });
    synthesise({}).template.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  test('a queue that is neither for work nor for dead letters is refused', () => {
    const stack = new Stack(new App(), 'stack');
    new Queue(stack, 'Stray');
    expect(() => new Monitoring(stack, 'Monitoring', { stage: stageNamed('dev') })).toThrow(/stack\/Stray is neither/);
  });
});
