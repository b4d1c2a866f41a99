import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { captionAndCredit } from '../../../shared/article/caption.ts';
import { settingsOf, sourceNamed } from '../../../shared/cms/sources.ts';
import {
  allDeliveries,
  deliveries,
  directusItem,
  ghostPost,
  ghostPublished,
  listed,
  strapiEntry,
  wholeEnding,
  wordpressPost,
} from '../../fixtures/cms/newsroom.ts';
import { noon } from '../story.ts';
import { read, only, newsroom, live } from './newsroom.ts';

describe('a morning of every kind of CMS ends as each CMS lists its stories', () => {
  test('in the order of their webhooks', async () => {
    expect(live(await newsroom(allDeliveries))).toEqual(wholeEnding);
  });

  test('in any order, with webhooks sent once or twice', async () => {
    const orders = fc.tuple(
      fc.shuffledSubarray([...allDeliveries], { minLength: allDeliveries.length }),
      fc.shuffledSubarray([...allDeliveries]),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([once, again]) => {
        expect(live(await newsroom([...once, ...again]))).toEqual(wholeEnding);
      }),
      { numRuns: 8 },
    );
  });
});

describe('a list of a CMS equals its webhooks', () => {
  test.each(Object.keys(listed))('%s: word for word, so that a sweep finds nothing new', (name) => {
    const source = sourceNamed(name);
    const settings = source && settingsOf(source, {});
    const webhooks = new Set(
      deliveries
        .filter((delivery) => delivery.source === name)
        .flatMap(({ body, headers }) =>
          read(name, body, {}, noon, headers).map(({ detail: { receivedAt, ...detail } }) =>
            JSON.stringify(sorted(detail)),
          ),
        ),
    );
    for (const item of listed[name] ?? []) {
      const reading = settings && source.api?.state(item, settings, noon);
      if (!reading || 'issues' in reading) throw new Error(JSON.stringify(reading));
      expect(webhooks).toContain(JSON.stringify(sorted(only(reading.commands).detail)));
    }
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, held]) => [name, sorted(held)]),
  );
}

describe('captions and their credits', () => {
  test.each<[string, { caption?: string; credit?: string }]>([
    ['The pier <em>(Image: Sample Pictures/PA)</em>', { caption: 'The pier', credit: 'Sample Pictures/PA' }],
    ['The pier. Picture: Getty', { caption: 'The pier.', credit: 'Getty' }],
    ['Picture: Getty Images', { credit: 'Getty Images' }],
    ['The pier [Photo: A. Marlow]', { caption: 'The pier', credit: 'A. Marlow' }],
    [
      'The pier at dawn – Photograph: Jon Bright/Harbour Press.',
      { caption: 'The pier at dawn', credit: 'Jon Bright/Harbour Press' },
    ],
    ['The picture of health', { caption: 'The picture of health' }],
    ['A big picture: (left) the pier, (right) the sea', { caption: 'A big picture: (left) the pier, (right) the sea' }],
    ['<p>Tom &amp; Ada</p>', { caption: 'Tom & Ada' }],
    ['', {}],
  ])('%s', (text, expected) => {
    expect(captionAndCredit(text)).toEqual(expected);
  });
});

describe('the setting `sections`', () => {
  const sections = (name: string, payload: unknown, paths: Readonly<Record<string, string>>): unknown =>
    (only(read(name, payload, { [name]: { sections: paths } })).detail.article.subjects ?? []).filter(
      ({ rel }) => rel === 'section',
    );
  const ours = { rel: 'section', literal: 'news/international' };

  test.each<[string, unknown]>([
    ['ghost', ghostPublished(ghostPost('g1'))],
    [
      'strapi',
      { event: 'entry.publish', createdAt: '2026-03-02T08:00:00Z', model: 'article', entry: strapiEntry(1, 's1') },
    ],
    ['directus', directusItem('d1')],
  ])('%s: maps a category by its name or slug, in any case, to the newsroom’s section', (name, payload) => {
    expect(sections(name, payload, { WORLD: 'news/international' })).toEqual([ours]);
    expect(sections(name, payload, { uk: 'news/uk' })).toMatchObject([{ name: 'World' }]);
    expect(sections(name, payload, { world: '' })).toEqual([]);
  });

  test('wordpress: maps by name, slug or path, and keeps one of two equal sections', () => {
    const payload = { hook: 'wp_after_insert_post', rest: wordpressPost(11), new_status: 'publish', old_status: null };
    for (const name of ['World', 'world', 'news/world'])
      expect(sections('wordpress', payload, { [name]: 'news/international', business: 'news/international' })).toEqual([
        ours,
      ]);
  });

  test.each([
    ['https://wp.example.com', 'https://wp.example.com/category/news/world/', 'news/world'],
    ['https://example.com/blog', 'https://example.com/blog/category/news/world/', 'news/world'],
    ['https://example.com/blog', 'https://example.com/blog/index.php/topics/news/world/', 'news/world'],
    ['https://example.com', 'https://example.com/index.php/category/world/', 'world'],
    ['https://example.com', 'https://example.com/?cat=4', 'world'],
  ])('wordpress at %s: maps %s to the section %s', (url, link, literal) => {
    const terms = [[{ id: 4, name: 'World', slug: 'world', taxonomy: 'category', link }]];
    const rest = wordpressPost(11, { _embedded: { author: [], 'wp:term': terms } });
    const payload = { hook: 'wp_after_insert_post', rest, new_status: 'publish', old_status: null };
    expect(only(read('wordpress', payload, { wordpress: { url } })).detail.article.subjects).toEqual([
      { rel: 'section', literal, name: 'World' },
    ]);
  });

  test.each([
    ['a base of two steps', 'https://example.com/topics/news/world/'],
    ['no base', 'https://example.com/news/world/'],
    ['no names in addresses', 'https://example.com/?cat=4'],
  ])('wordpress with %s: has the path that the plugin reads from the taxonomy', (_, link) => {
    const terms = [[{ id: 4, name: 'World', slug: 'world', taxonomy: 'category', link }]];
    const rest = wordpressPost(11, {
      _embedded: { author: [], 'wp:term': terms },
      pressrun_category_paths: { '4': 'desk/world' },
    });
    const payload = { hook: 'wp_after_insert_post', rest, new_status: 'publish', old_status: null };
    expect(only(read('wordpress', payload)).detail.article.subjects).toEqual([
      { rel: 'section', literal: 'desk/world', name: 'World' },
    ]);
  });

  test('ninjs: maps by the uri, code or name of a subject, which stays a topic', () => {
    const item = {
      uri: 'urn:agency:1',
      versionCreated: '2026-03-02T10:00:00Z',
      headlines: [{ value: 'A' }],
      subjects: [
        { uri: 'http://cv.iptc.org/newscodes/mediatopic/15000000', literal: 'medtop:15000000', name: 'sport' },
      ],
    };
    for (const name of ['http://cv.iptc.org/newscodes/mediatopic/15000000', 'medtop:15000000', 'Sport'])
      expect(sections('ninjs', item, { [name]: 'sport' })).toEqual([{ rel: 'section', literal: 'sport' }]);
    expect(only(read('ninjs', item)).detail.article.subjects).toEqual(item.subjects);
  });
});
