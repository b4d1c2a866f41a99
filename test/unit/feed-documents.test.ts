import { describe, expect, test } from '@jest/globals';
import sax from 'sax';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { iriOf } from '../../functions/deliver/iri.ts';
import { awkwardStories } from '../fixtures/awkward-stories.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import type { Theme } from '../../shared/site/theme.ts';
import { theme } from './newspaper.ts';
import { noon, story } from './story.ts';

const full = { ...theme, feeds: { text: 'full' as const } };
const [lead] = story().associations ?? [];

async function pipelineWith(article: Record<string, unknown>, look = theme): Promise<Pipeline> {
  const pipeline = new Pipeline(noon + 3_600_000, look);
  await pipeline.send('article.published', { article: story(article), path: '/p' });
  return pipeline;
}

async function rssItem(article: Record<string, unknown>, look = theme, path = '/feeds/latest.rss') {
  const [item] = parseRssFeed((await (await pipelineWith(article, look)).see(path)).body).items ?? [];
  if (!item) throw new Error('the feed is empty');
  return item;
}

async function atomEntry(article: Record<string, unknown>) {
  const [entry] = parseAtomFeed((await (await pipelineWith(article)).see('/feeds/latest.atom')).body).entries ?? [];
  if (!entry) throw new Error('the feed is empty');
  return entry;
}

describe('a picture in a feed', () => {
  const picture = {
    type: 'picture',
    renditions: [
      { href: 'https://p.example/a.webp', width: 900, height: 600, contentType: 'image/webp', sizeInBytes: 45_678 },
    ],
  };

  test('has its type, size and length, as enclosure and in Media RSS', async () => {
    const item = await rssItem({ associations: [picture] });
    const [{ href: url } = { href: '' }] = picture.renditions;
    expect(item.enclosures).toEqual([{ url, length: 45_678, type: 'image/webp' }]);
    expect(item.media?.contents).toMatchObject([
      { url, type: 'image/webp', fileSize: 45_678, width: 900, height: 600, medium: 'image' },
    ]);
    const entry = await atomEntry({ associations: [picture] });
    expect(entry.links).toContainEqual({ rel: 'enclosure', href: url, type: 'image/webp', length: 45_678 });
  });

  test('has the type of its address’s extension, and the length 0 if its size is unknown (RSS profile)', async () => {
    const item = await rssItem({
      associations: [{ type: 'picture', renditions: [{ href: 'https://p.example/a.JPG?x=1' }] }],
    });
    expect(item.enclosures).toEqual([{ url: 'https://p.example/a.JPG?x=1', length: 0, type: 'image/jpeg' }]);
    const unknown = await rssItem({
      associations: [{ type: 'picture', renditions: [{ href: 'https://p.example/a' }] }],
    });
    expect(unknown.enclosures).toBeUndefined();
    expect(unknown.media?.contents).toHaveLength(1);
  });

  test('has the length 0 if its size is not a number of bytes', async () => {
    const [rendition] = picture.renditions;
    const item = await rssItem({
      associations: [{ ...picture, renditions: [{ ...rendition, sizeInBytes: '45 kB' }] }],
    });
    expect(item.enclosures).toMatchObject([{ length: 0 }]);
  });
});

test('categories are names: of the section, the topics and the genres', async () => {
  const subjects = [{ rel: 'section', literal: 'news/local' }, { name: 'Bridges' }, { name: 'Åpent hav' }];
  const names = ['Around the Harbour', 'Bridges', 'Åpent hav', 'Explainer'];
  expect((await rssItem({ subjects })).categories?.map(({ name }) => name)).toEqual(names);
  expect((await atomEntry({ subjects })).categories).toEqual([
    { term: 'news/local', label: 'Around the Harbour' },
    ...names.slice(1).map((term) => ({ term })),
  ]);
  const json = await (await pipelineWith({ subjects })).see('/feeds/latest.json');
  expect(parseJsonFeed(JSON.parse(json.body)).items?.[0]?.tags).toEqual(names);
});

test('each story has its language', async () => {
  const language = 'cy';
  expect((await rssItem({ language })).dc?.languages).toEqual(['cy']);
  const pipeline = await pipelineWith({ language });
  expect((await pipeline.see('/feeds/latest.atom')).body).toContain('<entry xml:lang="cy">');
  expect(JSON.parse((await pipeline.see('/feeds/latest.json')).body)).toMatchObject({ items: [{ language: 'cy' }] });
  expect((await pipeline.see('/sitemap-news.xml')).body).toContain('<news:language>cy</news:language>');
});

describe('a whole text', () => {
  test('has its pictures with captions and credits around it, and those of the text once', async () => {
    const inText = 'https://p.example/in-text.jpg';
    const { content } = await rssItem(
      {
        bodies: [{ contentType: 'text/html', value: `<p>Text.</p><img src="${inText}" alt="x" />` }],
        associations: [
          { ...lead, copyrightHolder: 'Harbour Press' },
          { type: 'picture', renditions: [{ href: inText }] },
          { type: 'picture', renditions: [{ href: 'https://p.example/second.jpg' }] },
        ],
      },
      full,
    );
    expect(content?.encoded).toBe(
      '<figure><img src="https://pictures.example.com/bridge-1280.jpg" alt="Lorries on a bridge at dawn" width="1280" height="853" />' +
        '<figcaption>The first lorries cross. Mia Stone © Harbour Press</figcaption></figure>\n' +
        `<p>Text.</p><p><img src="${inText}" alt="x"></p>\n` +
        '<figure><img src="https://p.example/second.jpg" alt="" /></figure>',
    );
  });

  test('has absolute addresses only, in srcset too', async () => {
    const { content } = await rssItem(
      {
        associations: [],
        bodies: [
          {
            contentType: 'text/html',
            value: '<p><img src="/a.jpg" srcset="/a.jpg 1x, /b.jpg 2x" alt="" /><a href="/c">c</a></p>',
          },
        ],
      },
      full,
    );
    const addresses = [...(content?.encoded ?? '').matchAll(/(?:["\s])(\/[^\s">]*)/g)].map(([, address]) => address);
    expect(addresses.filter((address) => address !== '/')).toEqual([]);
    expect(content?.encoded).toContain('https://www.example.com/b.jpg 2x');
  });

  test('in a language that is written from right to left has that direction', async () => {
    const { content } = await rssItem({ language: 'ar_EG', associations: [] }, full);
    expect(content?.encoded).toMatch(/^<div lang="ar-EG" dir="rtl"><p>.*<\/div>$/s);
  });

  test('is in the feed for partners with every picture, whatever the theme says', async () => {
    const item = await rssItem(
      {
        copyrightNotice: '© 2026 The Harbour',
        associations: [lead, { type: 'picture', renditions: [{ href: 'https://p.example/second.jpg' }] }],
      },
      theme,
      '/feeds/latest.mrss',
    );
    expect(item.content?.encoded).toContain('The first lorries crossed at five.');
    expect(item.media?.contents?.map(({ url }) => url)).toEqual([
      'https://pictures.example.com/bridge-1280.jpg',
      'https://p.example/second.jpg',
    ]);
    expect(item.dc?.rights).toEqual(['© 2026 The Harbour']);
  });
});

describe('the id of an entry', () => {
  test.each([
    'urn:newsroom:harbour-bridge',
    'https://www.example.com/?p=12',
    'tag:example.com,2026:story/1',
    'urn:uuid:6ba7b811-9dad-11d1-80b4-00c04fd430c8',
    'story:1',
  ])('is its uri if that is an IRI: %s', async (uri) => {
    expect((await atomEntry({ uri })).id).toBe(uri);
  });

  test.each([
    '20260501-a',
    'a/b',
    'urn:x',
    'urn:x:y',
    'tag:harbour',
    'urn:uuid:12',
    'http:x',
    'https://',
    'x:a{b}',
    'x:%zz',
  ])('is a UUID made from its uri if that is no IRI: %s', async (uri) => {
    const { id } = await atomEntry({ uri });
    expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id).not.toBe((await atomEntry({ uri: `${uri}x` })).id);
  });

  test('has escapes for characters outside ASCII', async () => {
    expect((await atomEntry({ uri: 'http://example.com/søknad?a=1' })).id).toBe('http://example.com/s%C3%B8knad?a=1');
  });

  test('is the UUID that other implementations make from the name (RFC 9562 §5.5)', () => {
    // Of uuid.uuid5(uuid.NAMESPACE_URL, '20260501-a') in Python.
    expect(iriOf('20260501-a')).toBe('urn:uuid:9a183d6d-cf2b-5793-8fec-4048427a775c');
  });

  test('of a withdrawn story is the same as before', async () => {
    const pipeline = await pipelineWith({ uri: '20260501-a' });
    await pipeline.send('article.unpublished', {
      article: { uri: '20260501-a', versionCreated: new Date(noon + 60_000).toISOString() },
    });
    expect((await pipeline.see('/feeds/latest.atom')).body).toContain(`ref="${iriOf('20260501-a')}"`);
  });
});

/** Rules of W3C's feed validator (github.com/w3c/feedvalidator), which is no dependency. */
describe('feeds of unusual stories, by the rules of W3C’s validator', () => {
  /** RFC 3986, with a scheme. */
  const url = /^https?:\/\/[^/][\w;/?:@&=+$.\-~!*'()%,#]*$/;
  const media = /^[\w.+-]+\/[\w.+-]+$/;

  async function awkward(): Promise<Pipeline> {
    const pipeline = new Pipeline(noon + 3_600_000, full);
    for (const [index, article] of awkwardStories.entries())
      await pipeline.send('article.published', { article, path: `/awkward/${index}` });
    return pipeline;
  }

  test.each(['rss', 'atom', 'mrss'])(
    '%s is well formed, and its addresses are absolute and in ASCII',
    async (format) => {
      const { body } = await (await awkward()).see(`/feeds/latest.${format}?limit=100`);
      // A strict parser throws for a document that is not well formed.
      expect(() => sax.parser(true).write(body).close()).not.toThrow();
      const addresses = [...body.matchAll(/(?:\s(?:href|url)="|<(?:link|uri|logo)>)([^"<]*)/g)].map(([, found = '']) =>
        found.replaceAll(/&(?:amp|#x26);/g, '&'),
      );
      expect(addresses.length).toBeGreaterThan(awkwardStories.length);
      expect(addresses.filter((address) => !url.test(address))).toEqual([]);
    },
  );

  test.each(['rss', 'mrss'])(
    '%s has a guid, a date and a description for each story, and complete enclosures',
    async (format) => {
      const { body } = await (await awkward()).see(`/feeds/latest.${format}?limit=100`);
      const { items = [], language } = parseRssFeed(body);
      expect([items.length, language]).toEqual([awkwardStories.length, 'en-GB']);
      expect(new Set(items.map(({ guid }) => guid?.value)).size).toBe(items.length);
      for (const { title, description, pubDate, link, guid, enclosures = [], media: { contents = [] } = {} } of items) {
        expect([title, description]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
        expect([link, guid?.isPermaLink]).toEqual([expect.stringMatching(url), false]);
        expect(pubDate).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
        expect(enclosures.length).toBeLessThan(2);
        for (const { length, type } of enclosures)
          expect([length, type]).toEqual([expect.any(Number), expect.stringMatching(media)]);
        for (const { type = 'a/b', medium } of contents)
          expect([type, medium]).toEqual([expect.stringMatching(media), 'image']);
      }
      // In plain text only hexadecimal references are unambiguous to all readers.
      const plain = [...body.matchAll(/<(title|category|media:\w+)[^>]*>([^<]*)<\/\1>/g)].map(([, , text]) => text);
      expect(plain.filter((text) => /&(?:amp|lt);/.test(text ?? ''))).toEqual([]);
    },
  );

  test('a story without a text has no empty content', async () => {
    const pipeline = await awkward();
    for (const format of ['atom', 'rss', 'mrss'])
      expect((await pipeline.see(`/feeds/latest.${format}?limit=100`)).body).not.toMatch(
        /<content(?::encoded)?[^>]*(?:\/>|><\/content)/,
      );
    const { items } = JSON.parse((await pipeline.see('/feeds/latest.json?limit=100')).body) as {
      items: { id: string; content_text?: string }[];
    };
    expect(items.find(({ id }) => id === 'urn:awkward:nothing-but-a-headline')).toMatchObject({
      content_text: 'nothing-but-a-headline',
    });
  });

  test.each<[string, Partial<Theme>, string | undefined]>([
    ['a PNG', { logo: { href: '/logo.png', width: 200, height: 50 } }, 'https://www.example.com/logo.png'],
    ['an SVG', { logo: { href: '/logo.svg', width: 200, height: 50 } }, undefined],
    [
      'an SVG, with a touch icon',
      { logo: { href: '/logo.svg', width: 200, height: 50 }, touchIcon: '/touch.png' },
      'https://www.example.com/touch.png',
    ],
  ])('the image of a channel is no SVG: the logo is %s', async (_, look, url) => {
    const pipeline = new Pipeline(noon + 3_600_000, { ...theme, ...look });
    await pipeline.send('article.published', { article: story() });
    expect(parseRssFeed((await pipeline.see('/feeds/latest.rss')).body).image?.url).toBe(url);
  });

  test('atom has a URI, dates, an author and a text for each story', async () => {
    const { entries = [], authors } = parseAtomFeed((await (await awkward()).see('/feeds/latest.atom?limit=100')).body);
    expect([entries.length, authors?.length]).toEqual([awkwardStories.length, 1]);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    for (const { id, updated, published, summary, links = [] } of entries) {
      expect(iriOf(id ?? '')).toBe(id);
      expect(id).toMatch(/^[!-~]+$/);
      for (const date of [updated, published]) expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(summary?.value).toMatch(/./);
      expect(links.filter(({ rel }) => rel === 'alternate')).toHaveLength(1);
    }
  });
});
