import { describe, expect, jest, test } from '@jest/globals';
import { frontIdOf } from '../../shared/front/front.ts';
import { newJob, advanced } from '../../shared/job.ts';
import { placeOf } from '../../shared/feed/placement.ts';
import type { ScheduledSettle } from '../../shared/article/ports.ts';
import type { FeedRow } from '../../shared/feed/ports.ts';
import { engines, type Engine, type EngineKind } from './engines.ts';
import { onEvery, withEngine } from './on-every.ts';
import { nthVersion } from './rows.ts';

jest.setTimeout(120_000);

const noon = Date.parse('2026-05-01T12:00:00Z');
const hour = 3_600_000;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function reconcileContract(kind: EngineKind): void {
  let engine: Engine;

  withEngine(kind, (opened) => {
    engine = opened;
  });

  describe('the schedule index', () => {
    const due = (articleId: string, instant: number): ScheduledSettle => ({ articleId, instant });

    test('lists each scheduled settle between two instants once, both included, earliest first', async () => {
      const { scheduleIndex } = engine;
      const kept = [
        due('b', noon - 1),
        due('a', noon),
        due('b', noon),
        due('a', noon + 30 * 60_000),
        due('a', noon + hour - 1),
        due('a', noon + hour),
        due('a', noon + 26 * hour),
        due('a', noon + 26 * hour + 1),
      ];
      for (const one of [...kept.toReversed(), ...kept]) await scheduleIndex.keep(one);
      const found = await all(scheduleIndex.between(noon, noon + 26 * hour));
      expect(found.map(({ instant }) => instant)).toEqual(kept.slice(1, -1).map(({ instant }) => instant));
      expect(new Set(found.map((one) => JSON.stringify(one)))).toEqual(
        new Set(kept.slice(1, -1).map((one) => JSON.stringify(one))),
      );
      expect(await all(scheduleIndex.between(noon, noon - 1))).toEqual([]);
    });

    test('finds exactly the scheduled settle that is asked for, and removes one at a time', async () => {
      const { scheduleIndex } = engine;
      const then = noon + 1000 * hour;
      await scheduleIndex.keep(due('a', then));
      await scheduleIndex.keep(due('b', then));
      expect(
        await Promise.all(
          [due('a', then), due('a', then + 1), due('c', then)].map(async (one) => scheduleIndex.has(one)),
        ),
      ).toEqual([true, false, false]);
      await scheduleIndex.remove(due('a', then));
      await scheduleIndex.remove(due('a', then));
      expect(await all(scheduleIndex.between(then, then))).toEqual([due('b', then)]);
    });

    test('stores an embargo of the year 9999', async () => {
      const instant = Date.parse('9999-12-31T23:59:59.999Z');
      await engine.scheduleIndex.keep(due('far', instant));
      expect(await engine.scheduleIndex.has(due('far', instant))).toBe(true);
      expect(await all(engine.scheduleIndex.between(instant, instant))).toEqual([due('far', instant)]);
    });
  });

  describe('the ledger of purged paths', () => {
    test('adds up by month, also with concurrent writers, and returns the new sum', async () => {
      const { ledger } = engine;
      expect(await ledger.used('2026-05')).toBe(0);
      await Promise.all(Array.from({ length: 20 }, async () => ledger.add('2026-05', 3)));
      expect(await ledger.add('2026-05', 2)).toBe(62);
      expect(await ledger.add('2026-06', 1)).toBe(1);
      expect(await ledger.used('2026-05')).toBe(62);
    });
  });

  describe('the archive', () => {
    test('lists every article and front once, page by page, among all other rows and for any number of versions', async () => {
      const { articles, fronts, pictures, archive, scheduleIndex, ledger, marks, jobs } = engine;
      const ids = Array.from({ length: 40 }, (_, n) => `article${String(n).padStart(9, '0')}`);
      for (const [n, id] of ids.entries()) {
        await Promise.all(
          Array.from({ length: n === 7 ? 450 : 1 + (n % 9) }, async (_, v) =>
            articles.putVersion(nthVersion(id, v + 1)),
          ),
        );
        await articles.claimPath({ path: `/p/${id}`, articleId: id }, undefined);
      }
      await articles.putHold({
        articleId: 'onlyahold0000000',
        uri: 'urn:held',
        receivedAt: noon,
        digest: 'd'.repeat(64),
        kind: 'held',
      });
      await articles.writeHead(
        { articleId: 'onlyahead0000000', uri: 'urn:head', seq: 1, change: 'live', settledAt: 1, visibility: 'hidden' },
        undefined,
      );
      await fronts.putVersion({
        ...nthVersion(frontIdOf('home'), 1),
        content: {
          event: 'front.published',
          front: { name: 'home', versionCreated: '2026-05-01T12:00:00.000Z', containers: [] },
        },
      });
      await scheduleIndex.keep({ articleId: ids[0] ?? '', instant: noon });
      await ledger.add('2026-07', 1);
      await marks.write('ghost:main', { sweptAt: '2026-05-01T12:00:00.000Z' });
      await articles.putHold({
        articleId: 'picture#pulled',
        uri: 'urn:picture',
        receivedAt: noon,
        digest: 'e'.repeat(64),
        kind: 'held',
      });
      await pictures.writePulled({ seq: 1, ids: new Set(['pulled']) }, 0);
      await jobs.write(newJob('p', 'verify', noon), undefined);

      const found: string[] = [];
      let largest = 0;
      let after: string | undefined;
      do {
        const page = await archive.page(after);
        found.push(...page.ids);
        largest = Math.max(largest, page.ids.length);
        after = page.next;
      } while (after !== undefined);
      expect(found.toSorted()).toEqual(
        [...ids, 'onlyahold0000000', 'onlyahead0000000', 'front#home', 'picture#pulled'].toSorted(),
      );
      expect(largest).toBeLessThanOrEqual(200);
    });
  });

  describe('rows of feeds', () => {
    const card = (headline: string) => ({
      articleId: 'abcdefghijklmnop',
      uri: 'urn:contract',
      path: '/p',
      headline,
      firstPublished: '2026-05-01T12:00:00.000Z',
      updated: '2026-05-01T12:00:00.000Z',
    });
    const place = placeOf('abcdefghijklmnop', noon);

    test('are read as they are stored, tombstones included', async () => {
      const { feeds } = engine;
      expect(await feeds.row({ feed: 'topic/rows', place })).toBeUndefined();
      await feeds.put({ feed: 'topic/rows', place, seq: 3, card: card('One') });
      expect(await feeds.row({ feed: 'topic/rows', place })).toEqual({
        feed: 'topic/rows',
        place,
        seq: 3,
        card: card('One'),
      });
      await feeds.put({ feed: 'topic/rows', place, seq: 4 });
      expect(await feeds.row({ feed: 'topic/rows', place })).toEqual({ feed: 'topic/rows', place, seq: 4 });
    });

    test('are replaced only if they are still as they were read, by a higher or a lower seq', async () => {
      const { feeds } = engine;
      const entry = (seq: number) => ({ feed: 'topic/replaced', place, seq, card: card(`Seq ${seq}`) });
      expect(await feeds.replace(entry(5), 4)).toBe(false);
      expect(await feeds.row(entry(0))).toBeUndefined();
      expect(await feeds.replace(entry(5), undefined)).toBe(true);
      expect(await feeds.replace(entry(6), undefined)).toBe(false);
      expect(await feeds.replace(entry(4), 5)).toBe(true);
      expect(await feeds.replace(entry(9), 5)).toBe(false);
      expect((await feeds.page('topic/replaced', 1, undefined)).entries).toEqual([entry(4)]);
      expect(await feeds.replace({ feed: 'topic/replaced', place, seq: 4 }, 4)).toBe(true);
      expect((await feeds.page('topic/replaced', 1, undefined)).entries).toEqual([]);
    });

    test('are replaced by exactly one of many concurrent writers', async () => {
      const { feeds } = engine;
      const rivals = Array.from({ length: 8 }, (_, n) => ({
        feed: 'topic/rivals',
        place,
        seq: 10 + n,
        card: card(`Rival ${n}`),
      }));
      const won = await Promise.all(rivals.map(async (rival) => feeds.replace(rival, undefined)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await feeds.row({ feed: 'topic/rivals', place })).toEqual(rivals[won.indexOf(true)]);
    });

    test('are listed, each once, page by page', async () => {
      const { feeds } = engine;
      const written = Array.from({ length: 450 }, (_, n) => ({
        feed: `topic/swept-${n % 7}`,
        place: placeOf('abcdefghijklmnop', noon + n),
        seq: n + 1,
        ...(n % 3 > 0 && { card: card(`Story ${n}`) }),
      }));
      await Promise.all(written.map(async (entry) => feeds.put(entry)));
      const found: FeedRow[] = [];
      let after: string | undefined;
      do {
        const { rows, next } = await feeds.sweep(after);
        expect(rows.length).toBeLessThanOrEqual(200);
        found.push(...rows.filter(({ feed }) => feed.startsWith('topic/swept-')));
        after = next;
      } while (after !== undefined);
      expect(found.toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0))).toEqual(written);
    });
  });

  describe('jobs', () => {
    test('are read as they were written, and advance only from the step that they are at', async () => {
      const { jobs } = engine;
      const begun = newJob('contract', 'repair', noon);
      const findings = [{ kind: 'missing' as const, articleId: 'a', feed: 'latest', mended: true }];
      const next = advanced(begun, { seen: 7, written: 1, findings, next: 'cursor 港', now: noon + 1 });
      expect(await jobs.read('contract')).toBeUndefined();
      expect(await jobs.write(next, 0)).toBe(false);
      expect(await jobs.write(begun, undefined)).toBe(true);
      expect(await jobs.write(begun, undefined)).toBe(false);
      expect(await jobs.read('contract')).toStrictEqual(begun);
      expect(
        await Promise.all([jobs.write(next, 0), jobs.write(next, 0)]).then((won) => won.filter(Boolean)),
      ).toHaveLength(1);
      expect(await jobs.read('contract')).toStrictEqual(next);
      expect(next).toMatchObject({
        phase: 'articles',
        step: 1,
        cursor: 'cursor 港',
        articles: 7,
        drift: { missing: 1 },
      });
    });
  });
}

onEvery(engines, 'reconcile', reconcileContract);
