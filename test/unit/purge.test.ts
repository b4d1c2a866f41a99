import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { purge } from '../../functions/purge/purge.ts';
import { MemoryAnnouncer, MemoryCdn } from '../fakes/memory-messages.ts';
import type { PurgeRequest } from '../../shared/purge/ports.ts';
import { fieldsOfTomorrow, withFieldsOfTomorrow } from '../contract/stored-rows.ts';

interface Message {
  readonly messageId: string;
  readonly request: PurgeRequest;
}

const message = (messageId: string, tags: readonly string[], articles: PurgeRequest['articles'] = []): Message => ({
  messageId,
  request: { tags, articles },
});
const feedTags = (count: number): string[] => Array.from({ length: count }, (_, index) => `feed:topic:${index}`);

class Flush {
  readonly cdn = new MemoryCdn();
  readonly announcer = new MemoryAnnouncer();

  get calls(): (readonly string[])[] {
    return [...this.cdn.purges.values()];
  }

  get references(): string[] {
    return [...this.cdn.purges.keys()];
  }
}

const flushed = async (...messages: Message[]): Promise<Flush> => {
  const ports = new Flush();
  await purge(ports, messages);
  return ports;
};

describe('a flush', () => {
  test('accepts requests of a newer `project`, and uses the fields that it knows', async () => {
    const asked: PurgeRequest = {
      tags: ['article:a', 'feed:latest'],
      articles: [{ articleId: 'a', seq: 7, correlationId: 'cms' }],
      origin: { correlationId: 'cms' },
    };
    const newer = withFieldsOfTomorrow(JSON.stringify(asked)) as PurgeRequest;
    expect(JSON.stringify(newer)).toContain(fieldsOfTomorrow.novelty);
    const [then, now] = [
      await flushed({ messageId: '1', request: newer }),
      await flushed({ messageId: '1', request: asked }),
    ];
    expect(then.cdn.purges).toEqual(now.cdn.purges);
    expect(
      then.announcer.announced.map(({ type, detail }) => ({ type, detail: { ...detail, occurredAt: '', seq: 0 } })),
    ).toEqual(
      now.announcer.announced.map(({ type, detail }) => ({ type, detail: { ...detail, occurredAt: '', seq: 0 } })),
    );
  });

  test('purges each tag once, in one call, in however many requests it is', async () => {
    const { calls } = await flushed(
      message('1', ['feed:latest', 'article:a']),
      message('2', ['feed:latest', 'article:b']),
      message('3', ['feed:latest']),
    );
    expect(calls.map((tags) => [...tags].sort())).toEqual([['article:a', 'article:b', 'feed:latest']]);
  });

  test('of three feeds names each of them', async () => {
    const { calls } = await flushed(message('1', feedTags(3)));
    expect([...(calls[0] ?? [])].sort()).toEqual(feedTags(3).sort());
  });

  test('of more than three feeds purges all lists by one tag, and pages and pins by their own', async () => {
    const { calls } = await flushed(
      message('1', [...feedTags(2), 'article:a', 'pin:a']),
      message('2', [...feedTags(4).slice(2), 'article:b']),
    );
    expect(calls.map((tags) => [...tags].sort())).toEqual([['article:a', 'article:b', 'feeds', 'pin:a']]);
  });

  test('counts each feed once, in however many requests it is', async () => {
    const { calls } = await flushed(...Array.from({ length: 30 }, (_, index) => message(String(index), feedTags(3))));
    expect(calls[0]).toHaveLength(3);
  });

  test('of all lists names no single list', async () => {
    const { calls } = await flushed(message('1', ['feeds', 'feed:latest', 'article:a']));
    expect(calls.map((tags) => [...tags].sort())).toEqual([['article:a', 'feeds']]);
  });

  test('covers every requested tag, itself or by `feeds`, and no other', async () => {
    const tag = fc.oneof(
      fc.nat(40).map((n) => `feed:topic:${n}`),
      fc.nat(9).map((n) => `article:${n}`),
      fc.nat(9).map((n) => `pin:${n}`),
      fc.constant('feeds'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(tag, { maxLength: 30 }), { maxLength: 6 }), async (asked) => {
        const { calls } = await flushed(...asked.map((tags, index) => message(String(index), tags)));
        const purged = calls.flat();
        const wanted = new Set(asked.flat());
        expect(new Set(purged).size).toBe(purged.length);
        for (const one of wanted)
          expect(purged.includes(one) || (one.startsWith('feed:') && purged.includes('feeds'))).toBe(true);
        for (const one of purged)
          expect(
            wanted.has(one) || (one === 'feeds' && [...wanted].filter((each) => each.startsWith('feed:')).length > 3),
          ).toBe(true);
      }),
    );
  });

  test('without requests does nothing', async () => {
    const { calls, announcer } = await flushed();
    expect([calls, announcer.announced]).toEqual([[], []]);
  });

  test('too large for one call becomes several, which together have every tag once', async () => {
    const tags = Array.from({ length: 4500 }, (_, index) => `article:${index}`);
    const { calls, references } = await flushed(message('1', tags));
    expect(calls.every((part) => part.length <= 3000)).toBe(true);
    expect(calls.flat().sort()).toEqual([...tags].sort());
    expect(new Set(references).size).toBe(calls.length);
  });
});

describe('the caller reference', () => {
  test('is the same for the same messages in any order, so that a repeat costs nothing', async () => {
    const ports = new Flush();
    const messages = [message('1', ['article:a']), message('2', ['feed:latest'])];
    await purge(ports, messages);
    await purge(ports, messages.toReversed());
    expect(ports.references).toHaveLength(1);
  });

  test('differs for other messages with the same tags, since the CDN would ignore the second purge', async () => {
    const ports = new Flush();
    await purge(ports, [message('1', ['article:a'])]);
    await purge(ports, [message('2', ['article:a'])]);
    expect(ports.references).toHaveLength(2);
  });
});

describe('cdn.purged', () => {
  test('names the tags that the CDN took, its id, and the changes that became visible', async () => {
    const { announcer, references } = await flushed(
      message('1', ['article:a', 'feed:latest'], [{ articleId: 'a', seq: 5 }]),
    );
    expect(announcer.announced).toEqual([
      {
        type: 'cdn.purged',
        detail: {
          id: expect.any(String) as unknown,
          schemaVersion: 1,
          seq: 0,
          occurredAt: '1970-01-01T00:00:00.000Z',
          tags: ['article:a', 'feed:latest'],
          invalidationId: `I${references[0] ?? ''}`,
          articles: [{ articleId: 'a', seq: 5 }],
        },
      },
    ]);
  });

  test('names each article once, with its newest seq', async () => {
    const { announcer } = await flushed(
      message('1', ['article:a'], [{ articleId: 'a', seq: 5 }]),
      message(
        '2',
        ['article:a', 'article:b'],
        [
          { articleId: 'b', seq: 2 },
          { articleId: 'a', seq: 9 },
        ],
      ),
      message('3', ['article:a'], [{ articleId: 'a', seq: 7 }]),
    );
    const articles = announcer.announced.flatMap((said) => (said.type === 'cdn.purged' ? said.detail.articles : []));
    expect(articles.sort((a, b) => (a.articleId < b.articleId ? -1 : 1))).toEqual([
      { articleId: 'a', seq: 9 },
      { articleId: 'b', seq: 2 },
    ]);
  });

  test('has the origin of each article, and one of its own if all agree', async () => {
    const [one, other] = [{ correlationId: 'one' }, { correlationId: 'other', replay: 'may' }];
    const asked = (id: string, articleId: string, origin: { correlationId: string }) => ({
      messageId: id,
      request: { tags: [`article:${articleId}`], articles: [{ articleId, seq: 5, ...origin }], origin },
    });
    const alone = await flushed(asked('1', 'a', other), asked('2', 'b', other));
    expect(alone.announcer.announced).toMatchObject([{ detail: { ...other, articles: [other, other] } }]);
    const together = await flushed(asked('1', 'a', one), asked('2', 'b', other));
    expect(together.announcer.announced).toMatchObject([{ detail: { articles: [one, other] } }]);
    expect(together.announcer.announced[0]?.detail.correlationId).toBeUndefined();
  });

  test('has the same id in a repeat of the same messages, and another otherwise', async () => {
    const first = await flushed(message('1', ['article:a']), message('2', ['article:b']));
    const repeat = await flushed(message('2', ['article:b']), message('1', ['article:a']));
    const other = await flushed(message('3', ['article:a']), message('2', ['article:b']));
    const ids = [first, repeat, other].map(({ announcer }) => announcer.announced[0]?.detail.id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  test('is not announced if the CDN rejects the purge, and all messages of the flush fail', async () => {
    const announcer = new MemoryAnnouncer();
    const cdn = { purge: async (): Promise<never> => Promise.reject(new Error('TooManyInvalidationsInProgress')) };
    await expect(
      purge({ cdn, announcer }, [message('1', ['article:a'], [{ articleId: 'a', seq: 1 }])]),
    ).rejects.toThrow('TooManyInvalidationsInProgress');
    expect(announcer.announced).toEqual([]);
  });

  test('is not announced for any part if one of several calls is rejected', async () => {
    const announcer = new MemoryAnnouncer();
    let calls = 0;
    const cdn = {
      purge: async (): Promise<{ invalidationId: string; takenAt: number }> => {
        calls += 1;
        return calls === 1
          ? Promise.resolve({ invalidationId: 'I1', takenAt: 0 })
          : Promise.reject(new Error('BatchTooLarge'));
      },
    };
    await expect(
      purge({ cdn, announcer }, [
        message(
          '1',
          Array.from({ length: 4500 }, (_, index) => `article:${index}`),
        ),
      ]),
    ).rejects.toThrow('BatchTooLarge');
    expect(announcer.announced).toEqual([]);
  });

  test('fails the flush if it cannot be announced, and the repeat does not purge again', async () => {
    const cdn = new MemoryCdn();
    const announcer = new MemoryAnnouncer();
    const messages = [message('1', ['article:a'])];
    await expect(
      purge({ cdn, announcer: { announce: async () => Promise.reject(new Error('throttled')) } }, messages),
    ).rejects.toThrow('throttled');
    await purge({ cdn, announcer }, messages);
    expect(cdn.purges.size).toBe(1);
    expect(announcer.announced).toHaveLength(1);
  });
});

describe('the CDN in memory', () => {
  test('answers a repeated reference as CloudFront does, with the first invalidation', async () => {
    const cdn = new MemoryCdn();
    const taken = await cdn.purge('reference', ['article:a']);
    expect(await cdn.purge('reference', ['article:a'])).toEqual(taken);
    expect(await cdn.purge('another', ['article:a'])).not.toEqual(taken);
    expect(cdn.purges.size).toBe(2);
  });
});
