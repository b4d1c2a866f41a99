import { describe, expect, test } from '@jest/globals';
import { collect } from '../../functions/purge/collect.ts';
import { MemoryClock, MemoryPurgeQueue } from '../fakes/memory-messages.ts';

const noon = Date.parse('2026-05-01T12:00:00Z');

async function collected(
  windowSeconds: number,
  arrivals: readonly number[],
): Promise<{ readonly bodies: readonly string[]; readonly seconds: number }> {
  const clock = new MemoryClock(noon);
  const queue = new MemoryPurgeQueue(clock);
  for (const seconds of arrivals) queue.send(`at ${seconds}`, noon + seconds * 1000);
  const messages = await collect({ queue, clock, windowSeconds }, (error) => {
    throw error;
  });
  return { bodies: messages.map(({ body }) => body), seconds: (clock.now() - noon) / 1000 };
}

describe('a window', () => {
  test('takes messages that arrive in it, and ends on time even without any', async () => {
    expect(await collected(2, [0, 0.3, 1, 3])).toEqual({ bodies: ['at 0', 'at 0.3', 'at 1'], seconds: 2 });
    expect(await collected(2, [])).toEqual({ bodies: [], seconds: 2 });
  });

  test('longer than SQS’s longest wait is waited for in several calls', async () => {
    expect(await collected(60, [50])).toEqual({ bodies: ['at 50'], seconds: 60 });
  });

  test('of length 0 takes nothing', async () => {
    expect(await collected(0, [0])).toEqual({ bodies: [], seconds: 0 });
  });

  test('ends within half a second of its length, whenever messages arrive', async () => {
    const { seconds } = await collected(2, [0.6, 1.7]);
    expect(Math.abs(seconds - 2)).toBeLessThanOrEqual(0.5);
  });

  test('ends early when it is full', async () => {
    const { bodies, seconds } = await collected(
      60,
      Array.from({ length: 2000 }, () => 1),
    );
    expect([bodies.length, seconds]).toEqual([1000, 1]);
  });

  test('ends early when the queue fails, with the messages received so far', async () => {
    const clock = new MemoryClock(noon);
    const queue = new MemoryPurgeQueue(clock);
    queue.send('first');
    const failures: unknown[] = [];
    let calls = 0;
    const failing = {
      receive: async (waitSeconds: number) => {
        calls += 1;
        if (calls > 1) throw new Error('throttled');
        return queue.receive(waitSeconds);
      },
      remove: async () => Promise.reject(new Error('not asked for')),
    };
    const messages = await collect({ queue: failing, clock, windowSeconds: 2 }, (error) => failures.push(error));
    expect(messages.map(({ body }) => body)).toEqual(['first']);
    expect(failures).toEqual([new Error('throttled')]);
  });
});
