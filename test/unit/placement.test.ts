import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import type { Article } from '../../shared/article/article.ts';
import { usableFront } from '../../shared/front/front-schema.ts';
import { pathIssue } from '../../shared/article/path.ts';
import { feedKinds, feedPattern, feedsOf, placeOf, sectionSlugs, type FeedKind } from '../../shared/feed/placement.ts';
import { routes } from '../../shared/site/routes.ts';
import { slugOf } from '../../shared/article/slug.ts';
import { acceptSubscriptions, patternOf } from '../../shared/events/subscription.ts';
import { anyCharacter } from './any-character.ts';

const bare: Article = { uri: 'urn:x', versionCreated: '2026-05-01T12:00:00.000Z', headlines: [{ value: 'X' }] };
const feeds = (article: Partial<Article>): string[] => feedsOf({ ...bare, ...article });
const without = (article: Partial<Article>): string[] => feeds(article).filter((feed) => feed !== 'latest');

describe('the feeds of an article', () => {
  test('begin with Latest News for every article', () => {
    expect(feeds({})).toEqual(['latest']);
  });

  test.each([
    ['news', ['section/news']],
    ['news/world', ['section/news', 'section/news/world']],
    ['News/World/Asia Pacific', ['section/news', 'section/news/world', 'section/news/world/asia-pacific']],
    ['/news/world/', ['section/news', 'section/news/world']],
    ['体育', [`section/${slugOf('体育')}`]],
  ])('of section %s are the section and its parents', (literal, expected) => {
    expect(without({ subjects: [{ rel: 'section', literal }] })).toEqual(expected);
  });

  test('have a common parent of two sections once', () => {
    expect(
      without({
        subjects: [
          { rel: 'section', literal: 'news/world' },
          { rel: 'section', literal: 'news/local' },
        ],
      }),
    ).toEqual(['section/news', 'section/news/world', 'section/news/local']);
  });

  test('are topics for other subjects, and genres for genres', () => {
    expect(
      without({
        subjects: [{ name: 'Climate Change' }, { rel: 'about', literal: 'energy' }],
        genres: [{ name: 'Explainer' }],
      }),
    ).toEqual(['topic/climate-change', 'topic/energy', 'genre/explainer']);
  });

  test('leave out empty and absent names', () => {
    expect(
      without({ subjects: [{ name: ' ' }, {}], genres: [{ name: '' }], people: [{ rel: 'author' }], by: ' ' }),
    ).toEqual([]);
  });

  test.each<[string, Partial<Article>, string[]]>([
    [
      'people of rel author rather than the byline',
      {
        people: [
          { name: 'Ada Marlow', rel: 'author' },
          { name: 'The Mayor', rel: 'about' },
        ],
        by: 'By Somebody Else',
      },
      ['author/ada-marlow'],
    ],
    ['the byline', { by: 'By Ada Marlow' }, ['author/ada-marlow']],
    ['two names', { by: 'By Ada Marlow and Jon Bright' }, ['author/ada-marlow', 'author/jon-bright']],
    [
      'names before an agency',
      { by: 'Ada Marlow and Jon Bright, Harbour Press' },
      ['author/ada-marlow', 'author/jon-bright'],
    ],
    ['a German byline', { by: 'Von Jürgen Groß und Anna Weiß' }, ['author/juergen-gross', 'author/anna-weiss']],
    [
      'a Norwegian byline',
      { by: 'Av Kåre Ødegård og Åse Berg' },
      [`author/${slugOf('Kåre Ødegård')}`, `author/${slugOf('Åse Berg')}`],
    ],
    ['a name that holds an "and"', { by: 'By Alexandra Sanders' }, ['author/alexandra-sanders']],
  ])('have authors by %s', (_, article, expected) => {
    expect(without(article)).toEqual(expected);
  });

  test('are valid ids of feeds, each once, for all names', () => {
    const name = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 80 }),
      fc.constantFrom('中国', 'Россия', 'العربية', 'ß', '--', '_', '🎉', 'a/b', '..', '%2f'),
    );
    const concept = fc.record(
      { name, literal: name, rel: fc.constantFrom('section', 'author', 'about') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(concept, { maxLength: 4 }),
        fc.array(concept, { maxLength: 3 }),
        fc.array(concept, { maxLength: 3 }),
        name,
        (subjects, people, genres, by) => {
          const found = feeds({ subjects, people, genres, by });
          for (const feed of found) expect(feed).toMatch(feedPattern);
          expect(new Set(found).size).toBe(found.length);
          expect(found[0]).toBe('latest');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('include every parent of each of them', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
          { maxLength: 3 },
        ),
        (paths) => {
          const found = feeds({ subjects: paths.map((path) => ({ rel: 'section', literal: path.join('/') })) });
          for (const feed of found.filter((one) => one.split('/').length > 2))
            expect(found).toContain(feed.slice(0, feed.lastIndexOf('/')));
        },
      ),
    );
  });

  test('do not include any id that deliver does not serve', () => {
    for (const feed of [
      '',
      'Latest',
      'section',
      'section/',
      'section/News',
      'topic/a/b',
      'author/',
      'latest/x',
      'genre/ä',
      '../latest',
      'section/../latest',
    ])
      expect(feed).not.toMatch(feedPattern);
  });
});

describe('slugs', () => {
  test.each([
    ['Climate Change', 'climate-change'],
    ['Übergröße', 'uebergroesse'],
    ['Smörgåsbord', 'smoergasbord'],
    ['Crème brûlée', 'creme-brulee'],
    ['iPhone & iPad', 'iphone-and-ipad'],
    ['  News  ', 'news'],
    ['G7/G20', 'g7-g20'],
  ])('of %s are %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  test.each(['中国', '香港大桥', 'ภาษาไทย', '🎉🎉', '—', ''])(
    'of %j, which has no ASCII, are a short hash of it',
    (name) => {
      expect(slugOf(name)).toMatch(/^(?:[a-z2-7]{8}|[a-z-]+)$/);
      expect(slugOf(name)).toBe(slugOf(name));
    },
  );

  test('of two names without ASCII are different', () => {
    const names = ['中国', '香港', '日本', '東京', '🎉', '🎈'];
    expect(new Set(names.map(slugOf)).size).toBe(names.length);
  });

  test('are ASCII, lower case, 1 to 64 characters, and unchanged by a second slugging', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: anyCharacter, maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 200 })),
        (name) => {
          const slug = slugOf(name);
          expect(slug).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/);
          expect(slugOf(slug)).toBe(slug);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('of sections drop empty segments', () => {
    expect(sectionSlugs('//news/ /World/')).toEqual(['news', 'world']);
  });
});

describe('sort positions', () => {
  test('are ordered by first publication, then by articleId', () => {
    const instant = fc.integer({ min: 0, max: 253_402_300_799_999 });
    const articleId = fc.constantFrom('aaaaaaaaaaaaaaaa', 'zzzzzzzzzzzzzzzz', '2222222222222222');
    fc.assert(
      fc.property(instant, instant, articleId, articleId, (a, b, one, other) => {
        const byPlace = placeOf(one, a) < placeOf(other, b);
        expect(byPlace).toBe(a === b ? one < other : a < b);
      }),
    );
  });
});

describe('each kind of feed is known to every module that uses feeds', () => {
  test.each(Object.entries<FeedKind>(feedKinds))('%s', (kind, { below, setting, fields }) => {
    const feed = below === 'path' ? `${kind}/a/b` : `${kind}/a`;
    expect(feed).toMatch(feedPattern);
    expect(`/${feed}`).toMatch(routes.list.pattern);
    expect(pathIssue(`/${feed}`)).toContain(`/${kind}`);
    expect(
      v.is(usableFront, {
        name: 'home',
        versionCreated: '2026-05-01T12:00:00Z',
        containers: [{ title: 'A list', backfill: feed }],
      }),
    ).toBe(true);
    const subscriptions = {
      app: { events: ['article.live'], queue: true, [setting]: [below === 'path' ? 'A/B' : 'A'] },
    };
    expect(acceptSubscriptions(subscriptions)).toEqual({ subscriptions });
    expect(patternOf({ events: ['article.live'], [setting]: [below === 'path' ? 'A/B' : 'A'] }).detail).toEqual({
      $or: [{ feeds: [feed] }, { leftFeeds: [feed] }],
    });
    expect(fields.length).toBeGreaterThan(0);
  });

  test('and to the documentation', () => {
    const root = new URL('../../', import.meta.url);
    const pages = [
      'README.md',
      ...readdirSync(new URL('docs/', root)).flatMap((file) => (file.endsWith('.md') ? [`docs/${file}`] : [])),
    ];
    const text = pages.map((page) => readFileSync(new URL(page, root), 'utf8')).join('\n');
    const words = Object.entries<FeedKind>(feedKinds).flatMap(([kind, { setting }]) => [
      `\`${kind}/`,
      `\`/${kind}/…\``,
      `\`${setting}\``,
    ]);
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
  });
});
