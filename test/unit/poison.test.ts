import { describe, expect, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import { store } from '../../functions/store/store.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { responseMilliseconds, eachMessage } from '../../shared/aws/queue-batch.ts';
import { timeLimit } from '../../shared/aws/v8-time-limit.ts';
import { MemoryPorts } from '../fakes/memory-ports.ts';
import { Overrun } from '../../shared/time-limit.ts';
import { busEvent, noon, story } from './story.ts';

const endless = (): never => {
  for (;;);
};
const aMinute = (): number => 60_000;

describe('a limit of time', () => {
  test('ends an endless loop, and a pattern with exponential backtracking', () => {
    const limit = timeLimit(20, aMinute);
    expect(() => limit(endless)).toThrow(Overrun);
    expect(() => limit(() => /^(?:a+)+$/.test(`${'a'.repeat(60)}b`))).toThrow(Overrun);
    expect(limit(() => 'next')).toBe('next');
  });

  test('passes on the result or error of the work', () => {
    const limit = timeLimit(1000, aMinute);
    const issue = new RangeError('too deep');
    expect(limit(() => limit(() => 7))).toBe(7);
    expect(() =>
      limit(() => {
        throw issue;
      }),
    ).toThrow(issue);
  });

  test('starts no work without enough time left, and does not count that as an overrun', () => {
    const limit = timeLimit(1000, () => 999);
    expect(() => limit(endless)).toThrow(/no time is left/);
  });
});

test('a message that is never finished fails alone in its batch', async () => {
  const work = async ({ messageId }: SQSRecord): Promise<void> =>
    messageId === 'stuck' ? new Promise(() => undefined) : Promise.resolve();
  const { batchItemFailures } = await eachMessage(
    ['a', 'stuck', 'b'].map((id) => delivered(id, '{}', 1)),
    work,
    { getRemainingTimeInMillis: () => responseMilliseconds + 20 },
  );
  expect(batchItemFailures).toEqual([{ itemIdentifier: 'stuck' }]);
});

function delivered(messageId: string, body: string, attempt: number): SQSRecord {
  const attributes = {
    ApproximateReceiveCount: String(attempt),
    SentTimestamp: String(noon),
    SenderId: '',
    ApproximateFirstReceiveTimestamp: '',
  };
  return {
    messageId,
    body,
    attributes,
    receiptHandle: '',
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  };
}

const invocationMilliseconds = 10_000;
const validationMilliseconds = 2000;
const deliveries = 10;

/** A queue, and a function that works on ten of its messages, with the times that the function has on AWS, on a clock of its own. */
class Line extends MemoryPorts {
  readonly givenUp: string[] = [];
  readonly #poisons: ReadonlySet<string>;
  #began = 0;

  constructor(poisons: readonly string[]) {
    super(noon);
    this.#poisons = new Set(poisons);
  }

  /** Delivers each batch until nothing of it comes back, or it was delivered too often. */
  async work(
    bodies: readonly string[],
    shuffled: (order: readonly string[]) => readonly string[] = (order) => order,
  ): Promise<void> {
    let waiting = bodies;
    for (let attempt = 1; waiting.length > 0 && attempt <= deliveries; attempt += 1)
      waiting = await this.#invoke(shuffled(waiting), attempt);
    this.givenUp.push(...waiting);
  }

  async #invoke(bodies: readonly string[], attempt: number): Promise<readonly string[]> {
    this.#began = this.clock.time;
    const records = bodies.map((body, index) => delivered(String(index), body, attempt));
    const { batchItemFailures } = await eachMessage(
      records,
      async ({ body, messageId }) => {
        const left = (): number => this.#began + invocationMilliseconds - responseMilliseconds - this.clock.time;
        const limit = timeLimit(validationMilliseconds, left);
        await store(this, body, messageId, {
          attempt,
          limit: (work) => limit(this.#poisons.has(body) ? () => this.#overrun() : work),
        });
      },
      { getRemainingTimeInMillis: () => invocationMilliseconds },
    );
    // Lambda repeats the whole batch of a function that ran out of time.
    if (this.clock.time - this.#began >= invocationMilliseconds) return bodies;
    return batchItemFailures.map(({ itemIdentifier }) => bodies[Number(itemIdentifier)] ?? '');
  }

  /** As an endless loop ends; the real one is tried above. */
  #overrun(): never {
    this.clock.time += validationMilliseconds;
    throw new Overrun('must be simpler');
  }
}

const uriOf = (index: number): string => `urn:newsroom:story-${index}`;
const eventIdOf = (body: string): unknown => (JSON.parse(body) as { readonly id: unknown }).id;
const bodyOf = (index: number): string =>
  busEvent(
    'article.published',
    { article: story({ uri: uriOf(index) }) },
    { id: `event-${index}`, source: 'newsroom.cms' },
  );

describe('a story that no function can process in its time', () => {
  test('is rejected alone and named, and its eight neighbours are stored at their first delivery', async () => {
    const poison = bodyOf(4);
    const line = new Line([poison]);
    await line.work(Array.from({ length: 9 }, (_, index) => bodyOf(index)));
    for (let index = 0; index < 9; index += 1)
      expect((await line.articles.head(articleIdOf(uriOf(index))))?.visibility).toBe(index === 4 ? undefined : 'live');
    expect(line.rejections.kept).toEqual([poison]);
    expect(line.announcer.announced).toMatchObject([
      {
        type: 'article.rejected',
        detail: { eventId: 'event-4', source: 'newsroom.cms', uri: uriOf(4), errors: [{ path: 'article' }] },
      },
    ]);
    expect(line.givenUp).toEqual([]);
  });

  test('is not rejected after one or two attempts, because the function may have lacked CPU time', async () => {
    const line = new Line([]);
    const limit = timeLimit(20, aMinute);
    for (const attempt of [1, 2])
      await expect(store(line, bodyOf(0), 'delivery', { attempt, limit: () => limit(endless) })).rejects.toThrow(
        Overrun,
      );
    expect([line.rejections.kept, line.announcer.announced]).toEqual([[], []]);
    expect(await store(line, bodyOf(0), 'delivery', { attempt: 3, limit: () => limit(endless) })).toBe('rejected');
  });

  test('is rejected, if there are several in one batch in any order, and no other story is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 10 }),
        fc.infiniteStream(fc.nat(1000)),
        async (poisoned, random) => {
          const bodies = Array.from({ length: 10 }, (_, index) => bodyOf(index));
          const poisons = bodies.filter((_, index) => poisoned.includes(index));
          const line = new Line(poisons);
          await line.work(bodies, (order) =>
            order
              .map((body) => [body, random.next().value] as const)
              .sort(([, a], [, b]) => a - b)
              .map(([body]) => body),
          );
          expect(line.rejections.kept.map(eventIdOf).toSorted()).toEqual(poisons.map(eventIdOf).toSorted());
          expect(line.givenUp).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('does not keep a tenth story from being stored after nine such stories', async () => {
    const bodies = Array.from({ length: 10 }, (_, index) => bodyOf(index));
    const line = new Line(bodies.slice(0, 9));
    await line.work(bodies);
    expect(line.rejections.kept).toHaveLength(9);
    expect((await line.articles.head(articleIdOf(uriOf(9))))?.visibility).toBe('live');
  });
});
