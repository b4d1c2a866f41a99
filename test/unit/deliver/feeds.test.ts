import { describe, expect, test } from '@jest/globals';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { deliver } from '../../../functions/deliver/deliver.ts';
import { cursorOf } from '../../../shared/feed/feed.ts';
import { noon, story } from '../story.ts';
import { at, listLifetime, missingLifetime, Site, site, tagsOf, json, elementsOf, textOf } from './site.ts';

describe('feeds', () => {
  const many = async (count: number): Promise<Site> => {
    const newsroom = site();
    for (let n = 0; n < count; n += 1) {
      await newsroom.publish({
        uri: `urn:newsroom:story-${n}`,
        headlines: [{ value: `Story ${n}` }],
        versionCreated: at(n - count),
      });
    }
    return newsroom;
  };

  const listTags = (feed: string): string[] => [`feed:${feed.replaceAll('/', ':')}`, 'feeds'].sort();

  test.each([
    ['json', 'application/feed+json; charset=utf-8'],
    ['rss', 'application/rss+xml; charset=utf-8'],
    ['atom', 'application/atom+xml; charset=utf-8'],
  ])(
    'as %s have the right type, the lifetime of lists, their own tag and that of all feeds',
    async (format, contentType) => {
      const newsroom = await site().publish();
      for (const feed of [
        'latest',
        'section/news',
        'section/news/local',
        'topic/bridges',
        'author/ada-marlow',
        'genre/explainer',
      ]) {
        const response = await newsroom.get(`/feeds/${feed}.${format}`);
        expect([feed, response.status]).toEqual([feed, 200]);
        expect(response.headers).toMatchObject({ 'content-type': contentType, 'cache-control': listLifetime });
        expect(tagsOf(response)).toEqual(listTags(feed));
      }
    },
  );

  test('as pages have the same lifetime and tags', async () => {
    const newsroom = await site().publish();
    for (const [path, feed] of [
      ['/latest', 'latest'],
      ['/section/news/local', 'section:news:local'],
      ['/topic/bridges', 'topic:bridges'],
      ['/author/jon-bright', 'author:jon-bright'],
      ['/genre/explainer', 'genre:explainer'],
    ] as const) {
      const response = await newsroom.get(path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': listLifetime,
      });
      expect(tagsOf(response)).toEqual(listTags(feed.replaceAll(':', '/')));
      expect(textOf(response.body)).toContain('Harbour bridge reopens');
    }
  });

  test('without entries are 404 with the tags that a first entry purges, except Latest News and the theme’s sections', async () => {
    const newsroom = site();
    for (const format of ['json', 'rss', 'atom', 'mrss']) {
      expect((await newsroom.get(`/feeds/latest.${format}`)).status).toBe(200);
      const empty = await newsroom.get(`/feeds/section/news/local.${format}`);
      expect([empty.status, tagsOf(empty)]).toEqual([200, ['feed:section:news:local', 'feeds']]);
      const missing = await newsroom.get(`/feeds/section/weather.${format}`);
      expect([missing.status, missing.headers['content-type'], missing.headers['cache-control']]).toEqual([
        404,
        'application/problem+json',
        missingLifetime,
      ]);
      expect(tagsOf(missing)).toEqual(['feed:section:weather', 'feeds']);
    }
    expect((await newsroom.get('/latest')).status).toBe(200);
    expect((await newsroom.get('/section/news')).status).toBe(200);
    const page = await newsroom.get('/section/weather');
    expect([page.status, page.headers['content-type'], page.headers['cache-control']]).toEqual([
      404,
      'text/html; charset=utf-8',
      missingLifetime,
    ]);
    expect(tagsOf(page)).toEqual(['feed:latest', 'feed:section:weather', 'feeds']);
  });

  test('that have become empty are 404 as well', async () => {
    const newsroom = await (
      await site().publish()
    ).send('article.unpublished', { article: { uri: story().uri, versionCreated: at(10) } });
    expect((await newsroom.get('/feeds/topic/bridges.json')).status).toBe(404);
    expect((await newsroom.get('/topic/bridges')).status).toBe(404);
  });

  test.each([
    'Latest',
    'section',
    'section/News',
    'topic/a/b',
    'nothing',
    'latest/x',
    '..',
    'section/../latest',
    '%6Catest',
  ])('named %s are 404', async (feed) => {
    const newsroom = await site().publish();
    for (const format of ['json', 'rss', 'atom'])
      expect((await newsroom.get('/', { path: `/feeds/${feed}.${format}` })).status).toBe(404);
  });

  test.each([
    'limit=0',
    'limit=030',
    'limit=101',
    'limit=-1',
    'limit=1.5',
    'limit=ten',
    'limit=',
    'limit=1e1',
    'after=x',
    'after=',
    'after=bm9wZQ',
    `after=${cursorOf('2126-05-01T12:00:00.000Z#abcdefghijklmnop')}`,
  ])('with ?%s are 400, with a problem that names the mistake', async (query) => {
    const newsroom = await site().publish();
    for (const format of ['json', 'rss', 'atom']) {
      const response = await newsroom.get(`/feeds/latest.${format}?${query}`);
      expect(response.status).toBe(400);
      expect(response.headers['content-type']).toBe('application/problem+json');
      expect(json(response)).toMatchObject({
        status: 400,
        detail: expect.stringMatching(query.startsWith('limit') ? /limit.*1.*100/ : /after/) as unknown,
      });
    }
    expect((await newsroom.get(`/latest?${query}`)).status).toBe(400);
  });

  test('have 30 entries by default, and 1 to 100 by limit', async () => {
    const newsroom = await many(35);
    const count = async (query: string): Promise<number> =>
      parseJsonFeed(json(await newsroom.get(`/feeds/latest.json${query}`))).items?.length ?? 0;
    expect([await count(''), await count('?limit=1'), await count('?limit=34'), await count('?limit=100')]).toEqual([
      30, 1, 34, 35,
    ]);
  });

  /** Follows `next` from page to page and returns the ids met. */
  const walk = async (
    newsroom: Site,
    start: string,
    read: (body: string) => { ids: string[]; next: string | undefined },
  ): Promise<string[]> => {
    const ids: string[] = [];
    for (let url: string | undefined = start; url !== undefined; ) {
      const response = await newsroom.get(url);
      expect(response.status).toBe(200);
      const page = read(response.body);
      ids.push(...page.ids);
      url = page.next;
    }
    return ids;
  };
  const ids = (items: readonly ({ id?: string | undefined } | undefined)[] | undefined): string[] =>
    (items ?? []).map((item) => item?.id ?? '');
  const nextOf = (
    links: readonly { rel?: string | undefined; href?: string | undefined }[] | undefined,
  ): string | undefined => links?.find(({ rel }) => rel === 'next')?.href;

  test.each([1, 3, 7, 13])(
    'of 13 stories list each once, newest first, by their next links, %i at a time',
    async (limit) => {
      const newsroom = await many(13);
      const expected = Array.from({ length: 13 }, (_, n) => `urn:newsroom:story-${12 - n}`);
      const jsonPage = (body: string): { ids: string[]; next: string | undefined } => {
        const { items, next_url } = parseJsonFeed(JSON.parse(body));
        return { ids: ids(items), next: next_url };
      };
      expect(await walk(newsroom, `/feeds/latest.json?limit=${limit}`, jsonPage)).toEqual(expected);
      const rssPage = (body: string): { ids: string[]; next: string | undefined } => {
        const { items, atom } = parseRssFeed(body);
        return { ids: (items ?? []).map(({ guid }) => guid?.value ?? ''), next: nextOf(atom?.links) };
      };
      expect(await walk(newsroom, `/feeds/latest.rss?limit=${limit}`, rssPage)).toEqual(expected);
      const atomPage = (body: string): { ids: string[]; next: string | undefined } => {
        const { entries, links } = parseAtomFeed(body);
        return { ids: ids(entries), next: nextOf(links) };
      };
      expect(await walk(newsroom, `/feeds/latest.atom?limit=${limit}`, atomPage)).toEqual(expected);
      const headlines = (body: string): { ids: string[]; next: string | undefined } => ({
        ids: [...body.matchAll(/>Story (\d+)</g)].map(([, n]) => `urn:newsroom:story-${n ?? ''}`),
        next: elementsOf(body).find(({ name, attributes }) => name === 'a' && attributes['rel'] === 'next')?.attributes[
          'href'
        ],
      });
      expect(await walk(newsroom, `/latest?limit=${limit}`, headlines)).toEqual(expected);
    },
  );

  test('have no next link on the last page', async () => {
    const newsroom = await many(3);
    expect(json(await newsroom.get('/feeds/latest.json?limit=3'))).not.toHaveProperty('next_url');
    expect((await newsroom.get('/feeds/latest.rss?limit=3')).body).not.toContain('rel="next"');
  });

  test('as JSON Feed 1.1 have the card, and the uri as the item’s id', async () => {
    const newsroom = await site().publish({}, { path: '/news/bridge' });
    const { items = [], ...feed } = json(await newsroom.get('/feeds/latest.json')) as { items?: unknown[] };
    expect(feed).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Latest News – The Harbour',
      home_page_url: 'https://www.example.com/latest',
      feed_url: 'https://www.example.com/feeds/latest.json',
    });
    expect(items).toEqual([
      expect.objectContaining({
        id: 'urn:newsroom:harbour-bridge',
        url: 'https://www.example.com/news/bridge',
        title: 'Harbour bridge reopens after storm repairs',
        summary: 'Traffic flowed again at dawn, three weeks ahead of plan.',
        image: 'https://pictures.example.com/bridge-1280.jpg',
        date_published: '2026-05-01T12:00:00.000Z',
        date_modified: '2026-05-01T12:00:00.000Z',
      }),
    ]);
  });

  test('as RSS 2.0 have the uri as guid, which is no permalink, and first publication as date', async () => {
    const newsroom = await site().publish({}, { path: '/news/bridge' });
    const feed = parseRssFeed((await newsroom.get('/feeds/latest.rss')).body);
    expect(feed).toMatchObject({ title: 'Latest News – The Harbour', link: 'https://www.example.com/latest' });
    expect(feed.atom?.links).toContainEqual({
      href: 'https://www.example.com/feeds/latest.rss',
      rel: 'self',
      type: 'application/rss+xml',
    });
    expect(feed.items?.[0]).toMatchObject({
      guid: { value: 'urn:newsroom:harbour-bridge', isPermaLink: false },
      link: 'https://www.example.com/news/bridge',
      title: 'Harbour bridge reopens after storm repairs',
    });
    expect(new Date(feed.items?.[0]?.pubDate ?? '').getTime()).toBe(noon);
  });

  test('with texts have absolute addresses alone', async () => {
    const value =
      '<p id="a"><a href="?q=1&amp;r">q</a> <a href="#a">a</a> <a href="other.html">o</a> <a href="mailto:a@b.example">m</a></p>' +
      '<p><img src="/1.jpg" srcset="/1.jpg 300w, 2.jpg 600w, https://p.example/3.jpg 900w"></p>';
    const paper = site();
    await paper.publish({ bodies: [{ contentType: 'text/html', value }] }, { path: '/news/bridge' });
    const ports = paper.with({ theme: { ...paper.theme, feeds: { text: 'full' } } });
    const query = new URLSearchParams();
    const { body } = await deliver(ports, {
      method: 'GET',
      path: '/feeds/latest.json',
      query,
      host: 'www.example.com',
    });
    const [item] = (JSON.parse(body) as { items: { content_html: string }[] }).items;
    expect(
      [...(item?.content_html ?? '').matchAll(/(?:href|srcset)="([^"]*)"/g)].map(([, address]) => address),
    ).toEqual([
      'https://www.example.com/news/bridge?q=1&amp;r',
      'https://www.example.com/news/bridge#user-content-a',
      'https://www.example.com/news/other.html',
      'mailto:a@b.example',
      'https://www.example.com/1.jpg 300w, https://www.example.com/news/2.jpg 600w, https://p.example/3.jpg 900w',
    ]);
  });

  test.each([undefined, 'By Staff'])('name all authors that people[] names, with the byline %j', async (by) => {
    const paper = await site().publish({
      by,
      people: ['Ada Marlow', 'Jon Bright', 'Mia Stone'].map((name) => ({ name, rel: 'author' })),
    });
    const [rss, atom, feed] = await Promise.all(
      ['rss', 'atom', 'json'].map(async (extension) => (await paper.get(`/feeds/latest.${extension}`)).body),
    );
    for (const name of ['Ada Marlow', 'Jon Bright', 'Mia Stone']) {
      expect(rss).toContain(`<dc:creator>${name}</dc:creator>`);
      expect(atom).toContain(`<name>${name}</name>`);
      expect(feed).toContain(`"name":"${name}"`);
    }
  });

  test('as Atom have all that RFC 4287 requires', async () => {
    const newsroom = await (
      await site().publish({}, { path: '/news/bridge' })
    ).publish({
      uri: 'urn:newsroom:bare',
      by: undefined,
      headlines: [{ value: 'Bare' }],
      descriptions: [],
      associations: [],
      subjects: [],
      genres: [],
    });
    const {
      id,
      title,
      updated,
      authors,
      entries = [],
    } = parseAtomFeed((await newsroom.get('/feeds/latest.atom')).body);
    expect([id, title?.value, authors?.[0]?.name]).toEqual([
      'https://www.example.com/feeds/latest.atom',
      'Latest News – The Harbour',
      'The Harbour',
    ]);
    expect(new Date(updated ?? '').getTime()).not.toBeNaN();
    expect(entries).toHaveLength(2);
    for (const entry of entries) {
      expect(entry.id).toMatch(/^urn:newsroom:/);
      expect(entry.title?.value).toBeTruthy();
      expect(new Date(entry.updated ?? '').getTime()).not.toBeNaN();
    }
  });

  test('keep an item’s id and date when it is revised and moves', async () => {
    const newsroom = await site().publish({}, { path: '/news/old' });
    await newsroom.publish({ versionCreated: at(20), headlines: [{ value: 'New headline' }] }, { path: '/news/new' });
    expect(json(await newsroom.get('/feeds/latest.json'))['items']).toEqual([
      expect.objectContaining({
        id: 'urn:newsroom:harbour-bridge',
        url: 'https://www.example.com/news/new',
        title: 'New headline',
        date_published: at(0),
        date_modified: at(20),
      }),
    ]);
  });

  test('use the host of the request in links if no address is configured', async () => {
    const newsroom = await site().publish();
    const answer = await deliver(newsroom.with({ siteUrl: undefined }), {
      method: 'GET',
      path: '/feeds/latest.json',
      query: new URLSearchParams(),
      host: '127.0.0.1:8080',
    });
    expect(json(answer)['feed_url']).toBe('http://127.0.0.1:8080/feeds/latest.json');
  });
});
