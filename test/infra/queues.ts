import { describe, expect, test } from '@jest/globals';
import { redrivable } from '../../tools/cli/rejected.ts';
import { resourcesOf, synthesise } from './synthesised.ts';

describe('queues', () => {
  const dev = synthesise({ stage: 'dev' });
  const queues = resourcesOf(dev, 'AWS::SQS::Queue');
  const deadLetters = queues.filter(({ properties }) => properties.QueueName.endsWith('-dlq'));
  const work = queues.filter((queue) => !deadLetters.includes(queue));
  const named = (id: string): string | undefined => queues.find((queue) => queue.id === id)?.properties.QueueName;

  test('are the queues of the pipeline', () => {
    expect(queues.map(({ properties }) => properties.QueueName).sort()).toEqual(
      [
        'bus-dlq',
        'project-retry',
        'project-retry-dlq',
        'project-stream-dlq',
        'purge',
        'purge-dlq',
        'purge-urgent',
        'purge-urgent-dlq',
        'reconcile',
        'reconcile-dlq',
        'release',
        'release-dlq',
        'store',
        'store-dlq',
        'watch',
        'watch-dlq',
      ].map((name) => `pressrun-dev-${name}`),
    );
  });

  describe.each(work.map(({ properties }) => [properties.QueueName, properties] as const))('%s', (name, properties) => {
    test('moves a message to the dead-letter queue of its name, after several attempts', () => {
      expect(named(properties.RedrivePolicy?.deadLetterTargetArn['Fn::GetAtt'][0] ?? '')).toBe(`${name}-dlq`);
      expect(properties.RedrivePolicy?.maxReceiveCount).toBeGreaterThanOrEqual(5);
    });
  });

  test.each(deadLetters.map(({ properties }) => [properties.QueueName, properties] as const))(
    '%s keeps messages for 14 days, the longest that SQS allows',
    (_, properties) => {
      expect(properties.MessageRetentionPeriod).toBe(14 * 24 * 60 * 60);
      expect(properties.RedrivePolicy).toBeUndefined();
    },
  );

  test('every dead-letter queue but the stream’s can be redriven by command', () => {
    const names = deadLetters.map(({ properties }) => properties.QueueName.replace(/^pressrun-dev-(.*)-dlq$/, '$1'));
    expect(names.filter((name) => !(redrivable as readonly string[]).includes(name))).toEqual(['project-stream']);
  });

  test('every queue is encrypted and rejects plain HTTP', () => {
    const guarded = resourcesOf(dev, 'AWS::SQS::QueuePolicy')
      .filter(({ properties }) =>
        properties.PolicyDocument.Statement.some(
          ({ Effect, Condition }) =>
            Effect === 'Deny' && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
        ),
      )
      .flatMap(({ properties }) => properties.Queues.map(({ Ref }) => Ref));
    expect(guarded.sort()).toEqual(queues.map(({ id }) => id).sort());
    expect(queues.filter(({ properties }) => properties.SqsManagedSseEnabled !== true)).toEqual([]);
  });

  describe('consumers of a queue', () => {
    const functions = resourcesOf(dev, 'AWS::Lambda::Function');
    const mappings = resourcesOf(dev, 'AWS::Lambda::EventSourceMapping').filter(
      ({ properties }) => properties.StartingPosition === undefined,
    );

    test('read every work queue, each by its own function', () => {
      const readers = mappings.map(({ properties }) => [
        named(properties.EventSourceArn['Fn::GetAtt'][0]),
        functions.find(({ id }) => id === properties.FunctionName.Ref)?.properties.FunctionName,
      ]);
      expect(Object.fromEntries(readers)).toEqual({
        'pressrun-dev-store': 'pressrun-dev-store',
        'pressrun-dev-release': 'pressrun-dev-release',
        'pressrun-dev-project-retry': 'pressrun-dev-project',
        'pressrun-dev-purge': 'pressrun-dev-purge',
        'pressrun-dev-purge-urgent': 'pressrun-dev-purge',
        'pressrun-dev-reconcile': 'pressrun-dev-reconcile',
        'pressrun-dev-watch': 'pressrun-dev-watch',
      });
    });

    test('report failures message by message', () => {
      for (const { properties } of mappings) {
        expect(properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      }
    });

    test('leave a message hidden for six timeouts of the function', () => {
      for (const { properties } of mappings) {
        const queue = work.find(({ id }) => id === properties.EventSourceArn['Fn::GetAtt'][0]);
        const timeout = functions.find(({ id }) => id === properties.FunctionName.Ref)?.properties.Timeout ?? NaN;
        expect(queue?.properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeout);
      }
    });

    test('have no batching window, with which Lambda may wait 20 seconds at low traffic', () => {
      expect(mappings.map(({ properties }) => properties.MaximumBatchingWindowInSeconds ?? 0)).toEqual(
        mappings.map(() => 0),
      );
    });
  });

  describe('the window in which purges are collected', () => {
    const purgeOf = (context: Record<string, string>): unknown => {
      const purge = resourcesOf(synthesise(context), 'AWS::Lambda::Function').find(
        ({ properties }) => properties.FunctionName === 'pressrun-dev-purge',
      );
      return [purge?.properties.Environment.Variables['PURGE_WINDOW_SECONDS'], purge?.properties.Timeout];
    };

    test('is two seconds by default and can be longer or 0; the function has thirty seconds more', () => {
      expect([{}, { purgeWindowSeconds: '60' }, { purgeWindowSeconds: '0' }].map(purgeOf)).toEqual([
        ['2', 32],
        ['60', 90],
        ['0', 30],
      ]);
    });
  });
});
