import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { QueueSource } from '../../tools/laptop/sqs/queue-source.ts';
import { seeded, type Draw } from '../../tools/laptop/seeded.ts';
import { Queue, type QueueSettings, type StoredMessage } from '../../tools/laptop/sqs/queue.ts';

function queueAt(settings: Partial<QueueSettings> = {}, clock: { now: number } = { now: 1_000_000 }, draw?: Draw) {
  const dead: string[] = [];
  const gone: string[] = [];
  const queue = new Queue(
    { name: 'q', url: 'http://127.0.0.1/000000000000/q', arn: 'arn:aws:sqs:us-east-1:000000000000:q' },
    { visibilitySeconds: 30, delaySeconds: 0, retentionSeconds: 3_600, receiveWaitSeconds: 0, ...settings },
    { received: () => undefined, gone: (id) => gone.push(id), deadLettered: ({ id }) => dead.push(id) },
    () => clock.now,
    draw,
  );
  const put = (number: number, delaySeconds = 0): void => {
    // As long as a UUID, which receipt handles rely on.
    const message: StoredMessage = {
      id: String(number).padStart(36, '0'),
      body: String(number),
      attributes: {},
      sentAt: clock.now,
      delayedUntil: clock.now + delaySeconds * 1000,
      receiveCount: 0,
    };
    queue.admit(message);
    queue.release(message.id);
  };
  const receive = async (atMost = 10): Promise<readonly string[]> =>
    (await queue.receive({ atMost, waitMilliseconds: 0 })).map(({ body }) => body);
  return { queue, clock, dead, gone, put, receive };
}

describe('a queue', () => {
  test('gives a message to one receiver at a time, and again when its visibility timeout ends', async () => {
    const { clock, put, receive, queue } = queueAt();
    put(1);
    put(2);
    expect(await receive(1)).toEqual(['1']);
    expect(await receive()).toEqual(['2']);
    expect(await receive()).toEqual([]);
    expect(queue.counts()).toEqual({ ready: 0, inFlight: 2, delayed: 0 });
    clock.now += 30_000;
    expect(await receive()).toEqual(['1', '2']);
  });

  test('keeps a delayed message back', async () => {
    const { clock, put, receive, queue } = queueAt();
    put(1, 10);
    expect(await receive()).toEqual([]);
    expect(queue.counts().delayed).toBe(1);
    clock.now += 10_000;
    expect(await receive()).toEqual(['1']);
  });

  test('does not give a message that is not yet stored', async () => {
    const { queue, receive } = queueAt();
    queue.admit({ id: 'x'.repeat(36), body: 'x', attributes: {}, sentAt: 1_000_000, delayedUntil: 0, receiveCount: 0 });
    expect(await receive()).toEqual([]);
    queue.release('x'.repeat(36));
    expect(await receive()).toEqual(['x']);
  });

  test('deletes by the last receipt handle, also after the visibility timeout', async () => {
    const { queue, clock, put, receive, gone } = queueAt();
    put(1);
    const [first] = await queue.receive({ atMost: 1, waitMilliseconds: 0 });
    clock.now += 30_000;
    const [second] = await queue.receive({ atMost: 1, waitMilliseconds: 0 });
    expect(queue.delete(first?.receiptHandle ?? '')).toBe(false);
    clock.now += 30_000;
    expect(queue.counts().ready).toBe(1);
    expect(queue.delete(second?.receiptHandle ?? '')).toBe(true);
    expect(gone).toHaveLength(1);
    expect(await receive()).toEqual([]);
  });

  test('changes the visibility timeout of messages in flight only', async () => {
    const { queue, clock, put, receive } = queueAt();
    put(1);
    const [message] = await queue.receive({ atMost: 1, waitMilliseconds: 0 });
    const handle = message?.receiptHandle ?? '';
    clock.now += 20_000;
    expect(queue.changeVisibility(handle, 60)).toBe(true);
    clock.now += 40_000;
    expect(await receive()).toEqual([]);
    expect(queue.changeVisibility(handle, 0)).toBe(true);
    expect(queue.changeVisibility(handle, 0)).toBe(false);
    expect(await receive()).toEqual(['1']);
  });

  test('drops a message that was received too often or is too old', async () => {
    const { clock, put, receive, dead, gone } = queueAt({
      retentionSeconds: 100,
      redrive: { deadLetterArn: 'dlq', maxReceiveCount: 2 },
    });
    put(1);
    for (let round = 0; round < 2; round += 1) {
      expect(await receive()).toEqual(['1']);
      clock.now += 30_000;
    }
    expect(await receive()).toEqual([]);
    expect(dead).toEqual([String(1).padStart(36, '0')]);
    put(2);
    clock.now += 101_000;
    expect(await receive()).toEqual([]);
    expect(gone).toEqual([String(2).padStart(36, '0')]);
  });

  test('wakes a waiting receiver when a message arrives, and when it is stopped', async () => {
    const { queue, put } = queueAt();
    const waiting = queue.receive({ atMost: 1, waitMilliseconds: 20_000 });
    put(7);
    expect((await waiting).map(({ body }) => body)).toEqual(['7']);
    const stopping = new AbortController();
    const stopped = queue.receive({ atMost: 1, waitMilliseconds: 20_000, signal: stopping.signal });
    stopping.abort();
    expect(await stopped).toEqual([]);
  });

  test('keeps its order over thousands of messages', async () => {
    const { put, receive } = queueAt();
    for (let number = 0; number < 5_000; number += 1) put(number);
    const bodies: string[] = [];
    for (;;) {
      const batch = await receive();
      if (batch.length === 0) break;
      bodies.push(...batch);
    }
    expect(bodies).toEqual(Array.from({ length: 5_000 }, (_, number) => String(number)));
  });
});

describe('a standard queue', () => {
  test.each([1, 10])(
    'lets messages overtake others, in batches of %d, without losing or repeating one',
    async (atMost) => {
      const { put, receive } = queueAt({}, { now: 1_000_000 }, seeded(1));
      const sent = Array.from({ length: 500 }, (_, number) => String(number));
      for (const number of sent.keys()) put(number);
      const received: string[] = [];
      for (;;) {
        const batch = await receive(atMost);
        if (batch.length === 0) break;
        received.push(...batch);
      }
      expect(received).not.toEqual(sent);
      expect(received.toSorted((a, b) => Number(a) - Number(b))).toEqual(sent);
    },
  );

  test('gives all of its messages, in any order', async () => {
    const { put, receive } = queueAt({}, { now: 1_000_000 }, seeded(1));
    for (let round = 0; round < 100; round += 1) {
      put(round * 2);
      put(round * 2 + 1);
      expect(await receive()).toHaveLength(2);
    }
  });
});

describe('an event source mapping with a batching window', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([
    [0, 1, 0],
    [2000, 1, 20_000],
    [60_000, 1, 60_000],
    [2000, 10, 0],
  ])(
    'of %d ms makes a batch of %d messages, in a quiet queue, after %d ms',
    async (windowMilliseconds, count, expected) => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
      const { queue, put } = queueAt(
        {},
        {
          get now() {
            return Date.now();
          },
        },
      );
      const batches: unknown[] = [];
      const source = new QueueSource(
        queue,
        {
          invoke: (event) => {
            batches.push(event);
            return Promise.resolve({ batchItemFailures: [] });
          },
        },
        { batchSize: 10, windowMilliseconds, concurrency: 1, reportsItemFailures: true, patterns: [] },
      );
      source.start();
      for (let number = 1; number <= count; number += 1) put(number);
      await jest.advanceTimersByTimeAsync(Math.max(0, expected - 1));
      expect(batches).toHaveLength(expected > 0 ? 0 : 1);
      await jest.advanceTimersByTimeAsync(1);
      expect(batches).toHaveLength(1);
      await source.stop();
    },
  );
});
