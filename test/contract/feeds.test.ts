import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { accept } from '../../shared/article/accept.ts';
import { cardOf, type Card } from '../../shared/article/card.ts';
import type { FeedEntry, FeedPage } from '../../shared/feed/feed.ts';
import { listedChangeOf, positionOf, startOf, type ListedChange } from '../../shared/feed/listed-change.ts';
import { defaultPath } from '../../shared/article/path.ts';
import { feedsOf, placeOf } from '../../shared/feed/placement.ts';
import type { Feeds } from '../../shared/feed/ports.ts';
import type { Row } from '../../shared/aws/table.ts';
import { engines, type Engine, type EngineKind } from './engines.ts';
import { onEvery, withEngine } from './on-every.ts';
import { card as anyCard } from './rows.ts';
import { anyCharacter } from '../unit/any-character.ts';

jest.setTimeout(120_000);

let feedNumber = 0;
const newFeed = (): string => `topic/contract-${(feedNumber += 1)}`;

const noon = Date.parse('2026-05-01T12:00:00Z');
const placeAt = (minute: number): string => placeOf('abcdefghijklmnop', noon + minute * 60_000);

function cardNamed(headline: string): Card {
  return {
    articleId: 'abcdefghijklmnop',
    uri: 'urn:contract',
    path: '/p',
    headline,
    firstPublished: '2026-05-01T12:00:00.000Z',
    updated: '2026-05-01T12:00:00.000Z',
  };
}

const entry = (feed: string, minute: number, seq: number): FeedEntry => ({
  feed,
  place: placeAt(minute),
  seq,
  card: cardNamed(`Story ${minute} of ${seq}`),
});
const tombstone = (feed: string, minute: number, seq: number): FeedEntry => ({ feed, place: placeAt(minute), seq });

/** Every page of a feed, each asked for by the last place of the one before. */
async function walk(feeds: Feeds, feed: string, limit: number): Promise<FeedPage[]> {
  const pages: FeedPage[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await feeds.page(feed, limit, after);
    pages.push(page);
    if (!page.more) return pages;
    after = page.entries.at(-1)?.place;
    if (after === undefined) throw new Error('a page that promises more has no entry');
  }
}

/** Bytes of a row by DynamoDB's own rule: names and values in UTF-8, two digits a byte and one for a number's scale. */
function rowBytes(row: Row): number {
  const valueBytes = (value: unknown): number => {
    if (typeof value === 'string') return Buffer.byteLength(value);
    if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
    throw new Error('a row of a feed holds strings and numbers only');
  };
  return Object.entries(row).reduce((bytes, [name, value]) => bytes + Buffer.byteLength(name) + valueBytes(value), 0);
}

function feedsContract(kind: EngineKind): void {
  let feeds: Feeds;
  let feedRow: Engine['feedRow'];

  withEngine(kind, (engine) => {
    ({ feeds, feedRow } = engine);
  });

  test('an unknown feed is empty', async () => {
    expect(await feeds.page(newFeed(), 30, undefined)).toStrictEqual({ entries: [], more: false, seq: 0, removed: [] });
  });

  test('an entry is read as it was written, in every script, and absent fields stay absent', async () => {
    await fc.assert(
      fc.asyncProperty(anyCard, fc.integer({ min: 1, max: 9_999_999_999_999 }), async (card, seq) => {
        const written = { feed: newFeed(), place: placeAt(0), seq, card };
        await feeds.put(written);
        expect(await feeds.page(written.feed, 1, undefined)).toStrictEqual({
          entries: [written],
          more: false,
          seq,
          removed: [],
        });
      }),
      { numRuns: 60 },
    );
  });

  test('a feed of tombstones has no entries, but a time of its last change', async () => {
    const feed = newFeed();
    await feeds.put(tombstone(feed, 1, 7));
    await feeds.put(tombstone(feed, 2, 6));
    expect(await feeds.page(feed, 30, undefined)).toStrictEqual({ entries: [], more: false, seq: 7, removed: [] });
  });

  test('a tombstone removes an entry, and a later entry replaces the tombstone', async () => {
    const feed = newFeed();
    await feeds.put(entry(feed, 1, 5));
    await feeds.put(tombstone(feed, 1, 6));
    expect((await feeds.page(feed, 30, undefined)).entries).toEqual([]);
    await feeds.put(entry(feed, 1, 7));
    expect((await feeds.page(feed, 30, undefined)).entries).toStrictEqual([entry(feed, 1, 7)]);
  });

  test('an entry is never overwritten by a lower seq, and always by an equal or higher one', async () => {
    const put = fc.record({
      seq: fc.integer({ min: 1, max: 4 }),
      headline: fc.option(fc.constantFrom('One', 'Two', 'Three'), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(put, { minLength: 1, maxLength: 8 }), async (puts) => {
        const feed = newFeed();
        let visibility: FeedEntry | undefined;
        for (const { seq, headline } of puts) {
          const row: FeedEntry = {
            feed,
            place: placeAt(0),
            seq,
            ...(headline !== undefined && { card: cardNamed(headline) }),
          };
          await feeds.put(row);
          if (seq >= (visibility?.seq ?? 0)) visibility = row;
        }
        const { entries, seq } = await feeds.page(feed, 30, undefined);
        expect(entries).toStrictEqual(visibility?.card ? [visibility] : []);
        expect(seq).toBe(visibility?.seq);
      }),
      { numRuns: 60 },
    );
  });

  test('after concurrent writes, the entry with the highest seq remains', async () => {
    const feed = newFeed();
    const seqs = [3, 9, 1, 7, 5, 8, 2, 6, 4];
    await Promise.all(seqs.map(async (seq) => feeds.put(seq === 9 ? tombstone(feed, 1, 9) : entry(feed, 1, seq))));
    expect(await feeds.page(feed, 30, undefined)).toStrictEqual({ entries: [], more: false, seq: 9, removed: [] });
  });

  test('two feeds, and two places in one feed, are independent', async () => {
    const [one, other] = [newFeed(), newFeed()];
    await feeds.put(entry(one, 1, 5));
    await feeds.put(entry(one, 2, 5));
    await feeds.put(tombstone(other, 1, 9));
    expect((await feeds.page(one, 30, undefined)).entries).toStrictEqual([entry(one, 2, 5), entry(one, 1, 5)]);
  });

  test('pages that follow `after` list every live entry once, newest first, at any limit', async () => {
    const row = fc.record({ minute: fc.nat(40), isLive: fc.boolean(), seq: fc.integer({ min: 1, max: 99 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { selector: ({ minute }) => minute, maxLength: 18 }),
        fc.integer({ min: 1, max: 6 }),
        async (rows, limit) => {
          const feed = newFeed();
          const written = rows.map(({ minute, isLive, seq }) =>
            isLive ? entry(feed, minute, seq) : tombstone(feed, minute, seq),
          );
          await Promise.all(written.map(async (one) => feeds.put(one)));

          const pages = await walk(feeds, feed, limit);
          const live = written.filter(({ card }) => card !== undefined).sort((a, b) => (a.place < b.place ? 1 : -1));
          expect(pages.flatMap(({ entries }) => entries)).toStrictEqual(live);
          // `more` is exact: no page is short but the last, and no last page is empty unless the feed is.
          expect(pages.slice(0, -1).every(({ entries }) => entries.length === limit)).toBe(true);
          expect(pages).toHaveLength(Math.max(1, Math.ceil(live.length / limit)));
          // The pages cover every row, so the highest seq of all pages is the feed's.
          expect(Math.max(...pages.map(({ seq }) => seq))).toBe(Math.max(0, ...written.map(({ seq }) => seq)));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('pages are complete at every limit that readers may ask for', async () => {
    const feed = newFeed();
    const minutes = Array.from({ length: 130 }, (_, minute) => minute);
    await Promise.all(
      minutes.map(async (minute) =>
        feeds.put(minute % 5 === 0 ? tombstone(feed, minute, minute + 1) : entry(feed, minute, minute + 1)),
      ),
    );
    const live = minutes
      .filter((minute) => minute % 5 !== 0)
      .reverse()
      .map(placeAt);
    for (const limit of [1, 2, 3, 7, 30, 52, 99, 100]) {
      const places = (await walk(feeds, feed, limit)).flatMap(({ entries }) => entries.map(({ place }) => place));
      expect(places).toEqual(live);
    }
  });

  test('a page continues from a place whose entry has left the feed meanwhile', async () => {
    const feed = newFeed();
    for (const minute of [1, 2, 3]) await feeds.put(entry(feed, minute, 1));
    await feeds.put(tombstone(feed, 2, 2));
    expect((await feeds.page(feed, 1, placeAt(2))).entries).toStrictEqual([entry(feed, 1, 1)]);
    expect(await feeds.page(feed, 1, placeAt(1))).toStrictEqual({ entries: [], more: false, seq: 0, removed: [] });
  });

  test('a page lists the uris of entries that left its stretch, but no tombstone without uri and no replaced one', async () => {
    const feed = newFeed();
    await feeds.put(entry(feed, 4, 1));
    await feeds.put({ ...tombstone(feed, 3, 7), uri: 'urn:contract:gone' });
    await feeds.put(tombstone(feed, 2, 8));
    await feeds.put(entry(feed, 1, 1));
    await feeds.put({ ...tombstone(feed, 0, 9), uri: 'urn:contract:old' });
    expect((await feeds.page(feed, 30, undefined)).removed).toStrictEqual([
      { uri: 'urn:contract:gone', seq: 7 },
      { uri: 'urn:contract:old', seq: 9 },
    ]);
    expect((await feeds.page(feed, 1, undefined)).removed).toStrictEqual([{ uri: 'urn:contract:gone', seq: 7 }]);
    expect((await feeds.page(feed, 1, placeAt(2))).removed).toStrictEqual([{ uri: 'urn:contract:old', seq: 9 }]);
    await feeds.put(entry(feed, 3, 10));
    expect((await feeds.page(feed, 1, undefined)).removed).toStrictEqual([]);
  });

  test('the seq of a page includes the tombstones on its stretch', async () => {
    const feed = newFeed();
    await feeds.put(entry(feed, 3, 10));
    await feeds.put(tombstone(feed, 2, 50));
    await feeds.put(entry(feed, 1, 20));
    expect((await feeds.page(feed, 30, undefined)).seq).toBe(50);
    expect((await feeds.page(feed, 1, placeAt(2))).seq).toBe(20);
  });

  test('every accepted article’s entry takes at most one write unit, 1,024 bytes with keys and names', async () => {
    const long = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 500 }),
      fc.string({ unit: anyCharacter, maxLength: 500 }),
      fc.constantFrom('"', '\\', '港', '👩‍👩‍👧‍👦', '\u0001', 'a').map((letter) => letter.repeat(400)),
    );
    const uri = fc.oneof(
      fc
        .constantFrom('"', '\\', '港', '😀', 'u')
        .map((letter) => letter.repeat(Math.floor(255 / (Buffer.byteLength(JSON.stringify(letter)) - 2)))),
      fc.webUrl(),
    );
    const given = fc.record({
      uri,
      headline: long,
      standfirst: long,
      by: long,
      alt: long,
      caption: long,
      credit: long,
      genre: long,
      section: fc.constantFrom('news', 'a'.repeat(64), `${'b'.repeat(49)}/${'c'.repeat(50)}`),
      topic: long,
      pathLength: fc.oneof(fc.constant(299), fc.integer({ min: 1, max: 299 })),
      hrefLength: fc.nat(900),
    });
    await fc.assert(
      fc.asyncProperty(
        given,
        async ({
          uri: said,
          headline,
          standfirst,
          by,
          alt,
          caption,
          credit,
          genre,
          section,
          topic,
          pathLength,
          hrefLength,
        }) => {
          const accepted = accept(
            JSON.stringify({
              id: 'e',
              source: 'newsroom',
              time: '2026-05-01T12:00:00Z',
              'detail-type': 'article.published',
              detail: {
                path: `/${'p'.repeat(pathLength)}`,
                article: {
                  uri: said,
                  versionCreated: '2026-05-01T12:00:00Z',
                  headlines: [{ value: `H${headline}` }],
                  descriptions: [{ value: standfirst, contentType: 'text/plain' }],
                  by,
                  subjects: [{ rel: 'section', literal: section }, { name: topic }],
                  genres: [{ name: genre }],
                  associations: [
                    {
                      type: 'picture',
                      by: credit,
                      headlines: [{ value: alt }],
                      descriptions: [{ value: caption, contentType: 'text/plain' }],
                      renditions: [{ href: `https://pictures.example.com/${'q'.repeat(hrefLength)}`, width: 900 }],
                    },
                  ],
                },
              },
            }),
            'delivery',
          );
          fc.pre(accepted.kind === 'version');
          const { articleId, content } = accepted.version;
          const path = content.path ?? defaultPath(articleId, `H${headline}`);
          const place = placeOf(articleId, noon);
          const card = cardOf(content.article, path, noon);
          expect(card).toMatchObject({ uri: content.article.uri, path });
          const longest = Math.max(...feedsOf(content.article).map((feed) => feed.length));
          // Engines are shared: a feed of this length that no other run writes to.
          const feed = newFeed().padEnd(longest, 'x');
          await feeds.put({ feed, place, seq: 9_999_999_999_999, card });
          const row = await feedRow?.(feed, place);
          if (row) expect(rowBytes(row)).toBeLessThanOrEqual(1024);
        },
      ),
      { numRuns: feedRow ? 100 : 20 },
    );
  });
}

/** The list of changes is in the same table as the feeds. */
function changesContract(kind: EngineKind): void {
  let engine: Engine;

  withEngine(kind, (opened) => {
    engine = opened;
  });

  const change = (seq: number, more: object = {}): ListedChange => ({
    type: 'article.live',
    detail: {
      id: `change-${seq}`,
      articleId: 'abcdefghijklmnop',
      uri: 'urn:contract',
      seq,
      ...more,
    } as ListedChange['detail'],
  });

  test('changes are read in the order in which they were listed, page by page, from any instant on', async () => {
    const { changeList, feeds } = engine;
    const before = Date.now() - 1;
    for (const seq of [3, 1, 2]) {
      await changeList.list(change(seq));
      // The clock is the engine's own: the next one is listed in another millisecond.
      const listedAt = Date.now();
      while (Date.now() === listedAt) await Promise.resolve();
    }
    const until = Date.now() + 1000;
    const first = await changeList.page(startOf(before), until, 2);
    expect([first.more, first.rows.map(({ change: { detail } }) => detail.seq)]).toEqual([true, [3, 1]]);
    const second = await changeList.page(first.rows[1]?.position ?? '', until, 2);
    expect([second.more, second.rows.map((row) => row.change)]).toEqual([false, [change(2)]]);
    // Over days on which there was nothing.
    expect(await changeList.page(startOf(before - 3 * 86_400_000), until, 10)).toEqual({
      rows: [...first.rows, ...second.rows],
      more: false,
    });
    // No pass may take them for entries.
    const swept = [];
    let next: string | undefined;
    do {
      const page = await feeds.sweep(next);
      swept.push(...page.rows);
      ({ next } = page);
    } while (next !== undefined);
    expect(swept.filter(({ feed }) => feed.startsWith('changes'))).toEqual([]);
  });

  test('a change takes one write unit, in however many feeds it is', () => {
    const feeds = Array.from({ length: 300 }, (_, index) => `topic/${'long-'.repeat(20)}${index}`);
    const announcement = {
      type: 'article.live',
      detail: {
        ...change(1_700_000_000_000).detail,
        id: 'f'.repeat(32),
        uri: `urn:${'u'.repeat(250)}`,
        feeds,
        headline: 'H',
        path: '/p',
      },
    } as const;
    for (const some of [feeds, feeds.slice(0, 3)]) {
      const listed = listedChangeOf({ ...announcement, detail: { ...announcement.detail, feeds: some } });
      const row = {
        feedId: 'changes#2026-05-01',
        sk: positionOf(noon, listed),
        change: JSON.stringify(listed),
        expiresAt: 1_700_000_000,
      };
      expect(rowBytes(row)).toBeLessThanOrEqual(1024);
      expect(JSON.stringify(listed)).not.toMatch(/headline|"path"/);
    }
  });
}

onEvery(engines, 'changes', changesContract);
onEvery(engines, 'feeds', feedsContract);
