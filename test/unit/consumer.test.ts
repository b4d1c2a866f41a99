import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Announcement } from '../../shared/events/announcement.ts';
import { announcementIn } from '../../shared/consumer/announcement-in.ts';
import { consume } from '../../shared/consumer/consume.ts';
import { MemorySeen } from '../../shared/consumer/memory-seen.ts';
import { fieldsOfTomorrow, withFieldsOfTomorrow } from '../contract/stored-rows.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon, story } from './story.ts';

/** The announcements of a few changes of two stories, as the bus delivers them. */
async function announcements(): Promise<Announcement[]> {
  const pipeline = new Pipeline(noon);
  for (const [index, headline] of ['One', 'Two', 'Three'].entries()) {
    for (const uri of ['urn:consumed:a', 'urn:consumed:b']) {
      await pipeline.send('article.published', {
        article: story({
          uri,
          versionCreated: new Date(noon - 60_000 + index * 1000).toISOString(),
          headlines: [{ value: headline }],
        }),
      });
      pipeline.clock.time += 1000;
    }
  }
  return pipeline.announcer.announced;
}

const event = ({ type, detail }: Announcement): string =>
  JSON.stringify({ version: '0', id: 'of-this-delivery', source: 'pressrun', 'detail-type': type, detail });
const webhook = ({ type, detail }: Announcement): string =>
  JSON.stringify({ type, timestamp: detail.occurredAt, data: detail });

test('an announcement is read alike from a queue, a function and a webhook', async () => {
  for (const announcement of await announcements()) {
    expect(announcementIn(event(announcement))).toEqual(announcement);
    expect(announcementIn(JSON.parse(event(announcement)))).toEqual(announcement);
    expect(announcementIn(webhook(announcement))).toEqual(announcement);
  }
});

test('fields of a newer release are dropped', async () => {
  for (const announcement of await announcements()) {
    for (const given of [event(announcement), webhook(announcement)]) {
      const newer = withFieldsOfTomorrow(given);
      expect(JSON.stringify(newer)).toContain(fieldsOfTomorrow.novelty);
      expect(announcementIn(newer)).toEqual(announcement);
    }
  }
});

test('an invalid announcement throws its issues, and an unknown type is ignored', () => {
  expect(announcementIn({ 'detail-type': 'article.read', detail: {} })).toBeUndefined();
  expect(() => announcementIn({ 'detail-type': 'feed.changed', detail: { id: 7 } })).toThrow(
    /feed\.changed: .*id .*; .*articleId/,
  );
  expect(() => announcementIn('<xml/>')).toThrow('it is not JSON');
  expect(() => announcementIn({})).toThrow('neither a detail-type nor a type');
});

describe('announcements that are shuffled and repeated', () => {
  const orders = fc.infiniteStream(fc.nat());

  async function handledOf(
    all: readonly Announcement[],
    chance: Iterator<number>,
    want: 'every' | 'newest',
  ): Promise<Announcement[]> {
    const queue = [...all, ...all.filter(() => (chance.next().value as number) % 2 === 0)]
      .map((one) => ({ one, rank: chance.next().value as number }))
      .sort((a, b) => a.rank - b.rank);
    const seen = new MemorySeen();
    const handled: Announcement[] = [];
    for (const { one } of queue) {
      const attempt = consume(event(one), {
        seen,
        want,
        handle: (announcement) => {
          if ((chance.next().value as number) % 4 === 0) return Promise.reject(new Error('at fault for a moment'));
          handled.push(announcement);
          return Promise.resolve();
        },
      });
      // A failed message comes again.
      await attempt.catch(() => queue.push({ one, rank: 0 }));
    }
    return handled;
  }

  test('are each handled exactly once', async () => {
    const all = await announcements();
    await fc.assert(
      fc.asyncProperty(orders, async (chance) => {
        const ids = (await handledOf(all, chance[Symbol.iterator](), 'every')).map(({ detail }) => detail.id);
        expect(ids.sort()).toEqual(all.map(({ detail }) => detail.id).sort());
      }),
    );
  });

  test('or are handled only if newer than all before, up to the newest', async () => {
    const all = await announcements();
    await fc.assert(
      fc.asyncProperty(orders, async (chance) => {
        const handled = (await handledOf(all, chance[Symbol.iterator](), 'newest')).filter(
          ({ type }) => type !== 'feed.changed',
        );
        for (const [articleId, own] of Map.groupBy(handled, ({ detail }) =>
          'articleId' in detail ? detail.articleId : '',
        )) {
          const seqs = own.map(({ detail }) => detail.seq);
          expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
          expect(seqs.at(-1)).toBe(
            Math.max(
              ...all
                .filter(({ detail }) => 'articleId' in detail && detail.articleId === articleId)
                .map(({ detail }) => detail.seq),
            ),
          );
        }
      }),
    );
  });
});

test('memory is bounded, and the ids seen longest ago are forgotten first', async () => {
  const seen = new MemorySeen(2);
  for (const key of ['a', 'b', 'a', 'c']) await seen.note(key, 1);
  expect([await seen.highest('a'), await seen.highest('b'), await seen.highest('c')]).toEqual([1, 0, 1]);
});
