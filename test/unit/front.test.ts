import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accept } from '../../shared/article/accept.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import type { Card } from '../../shared/article/card.ts';
import { fillFront, fillFrontWithSpares, frontTags, type Front } from '../../shared/front/front.ts';
import { busEvent } from './story.ts';

const card = (uri: string): Card => ({
  articleId: articleIdOf(uri),
  uri,
  path: `/${uri}`,
  headline: uri,
  firstPublished: '2026-05-01T12:00:00.000Z',
  updated: '2026-05-01T12:00:00.000Z',
});

async function* cards(uris: readonly string[]): AsyncGenerator<Card, undefined> {
  for (const uri of uris) {
    await Promise.resolve();
    yield card(uri);
  }
  return undefined;
}

const fronted = (containers: Front['containers']): Front => ({
  name: 'article',
  versionCreated: '2026-05-01T12:00:00.000Z',
  containers,
});

async function filled(
  containers: Front['containers'],
  feeds: Readonly<Record<string, readonly string[]>>,
  live: readonly string[],
  exclude?: string,
): Promise<string[][]> {
  const document = await fillFront(
    fronted(containers),
    new Map(
      live.filter((uri) => containers.some(({ pins }) => pins?.includes(uri) === true)).map((uri) => [uri, card(uri)]),
    ),
    (feed) => cards(feeds[feed] ?? []),
    exclude === undefined ? undefined : articleIdOf(exclude),
  );
  return document.containers.map(({ items }) => items.map(({ uri }) => uri));
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `a${index + 1}`);

describe('a front', () => {
  test('has 16 stories in "More Latest News", and the next 10 in "Latest News"', async () => {
    const [more, next] = await filled(
      [
        { title: 'More Latest News', backfill: 'latest', limit: 16 },
        { title: 'Latest News', backfill: 'latest', limit: 10 },
      ],
      { latest: numbered(40) },
      [],
    );
    expect(more).toEqual(numbered(16));
    expect(next).toEqual(numbered(26).slice(16));
  });

  test('has pins first, in the desk’s order, and none of them in a backfill', async () => {
    expect(
      await filled(
        [
          { title: 'One', backfill: 'latest', limit: 3 },
          { title: 'Two', pins: ['a2', 'a1'], backfill: 'latest', limit: 3 },
        ],
        { latest: numbered(9) },
        ['a1', 'a2'],
      ),
    ).toEqual([
      ['a3', 'a4', 'a5'],
      ['a2', 'a1', 'a6'],
    ]);
  });

  test('may have a pin that exceeds its container’s limit in the backfill of another container', async () => {
    expect(
      await filled(
        [
          { title: 'One', pins: ['a1', 'a2'], limit: 1 },
          { title: 'Two', backfill: 'latest', limit: 2 },
        ],
        { latest: numbered(9) },
        ['a1', 'a2'],
      ),
    ).toEqual([['a1'], ['a2', 'a3']]);
  });

  test('skips a pin that is not live, and takes one more from the backfill', async () => {
    expect(
      await filled([{ title: 'One', pins: ['gone', 'a7'], backfill: 'latest', limit: 3 }], { latest: numbered(9) }, [
        'a7',
      ]),
    ).toEqual([['a7', 'a1', 'a2']]);
  });

  test('leaves out one story without a shorter list', async () => {
    expect(
      await filled(
        [{ title: 'One', pins: ['a4'], backfill: 'latest', limit: 3 }],
        { latest: numbered(9) },
        ['a4'],
        'a4',
      ),
    ).toEqual([['a1', 'a2', 'a3']]);
    expect(await filled([{ title: 'One', backfill: 'latest', limit: 3 }], { latest: numbered(9) }, [], 'a2')).toEqual([
      ['a1', 'a3', 'a4'],
    ]);
  });

  test('of any definition has no article twice, no list over its limit, and no short list while its feed has more', async () => {
    const uri = fc.constantFrom(...numbered(12));
    const container = fc.record({
      title: fc.constant('t'),
      pins: fc.array(uri, { maxLength: 4 }),
      backfill: fc.option(fc.constantFrom('latest', 'section/news'), { nil: undefined }),
      limit: fc.integer({ min: 1, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(container, { minLength: 1, maxLength: 4 }),
        fc.uniqueArray(uri),
        fc.uniqueArray(uri),
        fc.uniqueArray(uri),
        fc.option(uri, { nil: undefined }),
        async (containers, latest, news, live, exclude) => {
          const lists = await filled(containers, { latest, 'section/news': news }, live, exclude);
          const all = lists.flat();
          expect(new Set(all).size).toBe(all.length);
          expect(all).not.toContain(exclude);
          const pinned = new Set(containers.flatMap(({ pins }) => pins).filter((pin) => live.includes(pin)));
          containers.forEach(({ limit, backfill }, index) => {
            const list = lists[index] ?? [];
            expect(list.length).toBeLessThanOrEqual(limit);
            if (list.length < limit && backfill !== undefined) {
              const feed = backfill === 'latest' ? latest : news;
              expect(feed.filter((each) => !all.includes(each) && !pinned.has(each) && each !== exclude)).toEqual([]);
            }
          });
        },
      ),
    );
  });

  test('has the tags of itself, of its feeds, and of every pin, live or not', () => {
    expect(
      frontTags(
        fronted([
          { title: 'One', pins: ['urn:a'], backfill: 'section/news/world' },
          { title: 'Two', links: [] },
        ]),
      ),
    ).toEqual(['front:article', 'feeds', 'feed:section:news:world', `pin:${articleIdOf('urn:a')}`]);
  });
});

describe('the rejection of a front', () => {
  const published = (front: Record<string, unknown>): string[] => {
    const accepted = accept(
      busEvent('front.published', {
        front: {
          name: 'home',
          versionCreated: '2026-05-01T12:00:00Z',
          containers: [{ title: 'Top', pins: ['urn:a'], backfill: 'latest' }],
          ...front,
        },
      }),
      'd',
    );
    return accepted.kind === 'rejected' ? accepted.errors.map(({ path }) => path) : [accepted.kind];
  };

  test.each<[string, Record<string, unknown>]>([
    ['front', {}],
    ['front.name', { name: 'Home Page' }],
    ['front.versionCreated', { versionCreated: '2026-05-01T13:00:00Z' }],
    ['front.containers', { containers: [] }],
    [
      'front.containers',
      { containers: [{ title: 'Many', pins: Array.from({ length: 40 }, (_, index) => `urn:${index}`) }] },
    ],
    ['front.containers.0.backfill', { containers: [{ title: 'x', backfill: 'sections/news' }] }],
    ['front.containers.0.backfill', { containers: [{ title: 'x', backfill: `section/${'a'.repeat(300)}` }] }],
    ['front.containers.0.title', { containers: [{ title: ' ' }] }],
    ['front.containers.0.limit', { containers: [{ title: 'x', limit: 0 }] }],
    [
      'front.containers.0.links.0.href',
      { containers: [{ title: 'x', links: [{ label: 'l', href: 'javascript:alert(1)' }] }] },
    ],
  ])('names %s', (path, front) => {
    expect(published(front)).toEqual([path]);
  });
});

describe('a front with one spare story in each container', () => {
  const spared = async (
    containers: Front['containers'],
    latest: readonly string[],
    live: readonly string[] = [],
  ): Promise<{ readonly shown: readonly (readonly [readonly string[], number, number])[]; readonly read: number }> => {
    let read = 0;
    const counted = async function* (): AsyncGenerator<Card, undefined> {
      for await (const one of cards(latest)) {
        read += 1;
        yield one;
      }
      return undefined;
    };
    const document = await fillFrontWithSpares(
      fronted(containers),
      new Map(live.map((uri) => [uri, card(uri)])),
      counted,
    );
    return {
      shown: document.containers.map(({ items, limit, pins }) => [items.map(({ uri }) => uri), limit, pins] as const),
      read,
    };
  };

  test('has one story more than it shows, the next of the feed', async () => {
    expect(await spared([{ title: 'Latest', backfill: 'latest', limit: 3 }], numbered(20))).toEqual({
      shown: [[numbered(4), 3, 0]],
      read: 4,
    });
    expect(await spared([{ title: 'Latest', backfill: 'latest' }], numbered(20))).toEqual({
      shown: [[numbered(11), 10, 0]],
      read: 11,
    });
    expect(await spared([{ title: 'Latest', backfill: 'latest', limit: 3 }], numbered(3))).toEqual({
      shown: [[numbered(3), 3, 0]],
      read: 3,
    });
  });

  test('has pins first, and a pin beyond the limit as spare', async () => {
    const pins = ['p1', 'p2', 'p3', 'p4'];
    expect(await spared([{ title: 'Pins', pins, backfill: 'latest', limit: 2 }], numbered(9), pins)).toEqual({
      shown: [[['p1', 'p2', 'p3'], 2, 3]],
      read: 0,
    });
    expect(await spared([{ title: 'Pins', pins, backfill: 'latest', limit: 3 }], numbered(9), ['p1', 'p4'])).toEqual({
      shown: [[['p1', 'p4', 'a1', 'a2'], 3, 2]],
      read: 2,
    });
  });

  test('may have the same spare in two containers, because at most one story is left out', async () => {
    const containers = [
      { title: 'One', backfill: 'latest', limit: 1 },
      { title: 'Two', backfill: 'latest', limit: 1 },
    ];
    expect(await spared(containers, numbered(9))).toEqual({
      shown: [
        [['a1', 'a2'], 1, 0],
        [['a2', 'a3'], 1, 0],
      ],
      read: 3,
    });
  });

  test('has the available pins if there is no backfill', async () => {
    expect(
      await spared([{ title: 'Pins', pins: ['p1', 'p2'], limit: 4 }, { title: 'Links' }], numbered(9), ['p1', 'p2']),
    ).toEqual({
      shown: [
        [['p1', 'p2'], 4, 2],
        [[], 10, 0],
      ],
      read: 0,
    });
  });
});

test('a container has its own title, link and links, and no others', async () => {
  const links = [{ label: 'About us', href: '/about' }];
  const { containers } = await fillFront(
    fronted([{ title: 'Topics', seeMore: '/latest', links }, { title: 'Bare' }]),
    new Map(),
    () => cards([]),
    undefined,
  );
  expect(containers).toStrictEqual([
    { title: 'Topics', seeMore: '/latest', items: [], links },
    { title: 'Bare', items: [] },
  ]);
});

test('a feed is read once, and only as far as it is shown', async () => {
  let read = 0;
  const feeds: string[] = [];
  await fillFront(
    fronted([
      { title: 'One', backfill: 'latest', limit: 2 },
      { title: 'Two', backfill: 'latest', limit: 3 },
    ]),
    new Map(),
    (feed) => {
      feeds.push(feed);
      return (async function* (): AsyncGenerator<Card, undefined> {
        for await (const one of cards(numbered(40))) {
          read += 1;
          yield one;
        }
        return undefined;
      })();
    },
    undefined,
  );
  expect([feeds, read]).toEqual([['latest'], 5]);
});

test.each([
  ['/about', true],
  ['https://www.example.com/about', true],
  ['//evil.example/x', false],
  ['about/us', false],
  ['x//about', false],
  ['javascript:alert(1)', false],
])('a link to %s: %s', (href, isTaken) => {
  const front = {
    name: 'home',
    versionCreated: '2026-05-01T12:00:00.000Z',
    containers: [{ title: 'Links', links: [{ label: 'One', href }] }],
  };
  const accepted = accept(busEvent('front.published', { front }), 'delivery');
  expect(accepted.kind).toBe(isTaken ? 'front' : 'rejected');
});
