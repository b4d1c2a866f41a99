import { describe, expect, test } from '@jest/globals';
import { parseJsonFeed } from 'feedsmith';
import { deliver } from '../../../functions/deliver/deliver.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { sanitise } from '../../../shared/article/sanitise.ts';
import { withCurrentMarkup } from '../../../shared/article/current-markup.ts';
import { theme } from '../newspaper.ts';
import { story } from '../story.ts';
import {
  harbour,
  bridgeTags,
  at,
  pageLifetime,
  missingLifetime,
  Site,
  site,
  tagsOf,
  json,
  elementsOf,
  textOf,
} from './site.ts';

/** As the first sanitiser stored it: the end tag of a player that it had dropped, and no revision. */
describe('a version that an earlier sanitiser stored', () => {
  const misnested =
    '<blockquote><p>The minister said: it is safe.</blockquote></a> <p>Our reporting <a href="https://partner.example.com/">shows otherwise.</p><p>The rest.</p></blockquote>';

  async function stored(): Promise<Site> {
    const newsroom = await site().publish({
      bodies: [{ role: 'main', contentType: 'text/html', value: '<p>New.</p>' }],
    });
    for (const versions of newsroom.articles.versions.values())
      for (const [key, version] of versions) {
        const { markup: _, ...content } = version.content;
        const article = { ...content.article, bodies: [{ role: 'main', contentType: 'text/html', value: misnested }] };
        versions.set(key, { ...version, content: { ...content, article } });
      }
    return newsroom;
  }

  const wellFormed = sanitise(misnested);

  test('is well formed as a page, as JSON, and in a feed with whole texts', async () => {
    const newsroom = await stored();
    expect(wellFormed).not.toBe(misnested);
    const { path = '' } = await newsroom.head();
    expect((await newsroom.get(path)).body).toContain(wellFormed);
    expect(json(await newsroom.get(`/articles/${harbour}.json`))).toMatchObject({ bodies: [{ value: wellFormed }] });
    const ports = newsroom.with({ theme: { ...theme, feeds: { text: 'full' } } });
    const feed = await deliver(ports, {
      method: 'GET',
      path: '/feeds/latest.json',
      query: new URLSearchParams(),
      host: 'www.example.com',
    });
    expect(parseJsonFeed(JSON.parse(feed.body)).items?.[0]?.content_html).toContain(wellFormed);
  });

  test('is not sanitised again if the present sanitiser wrote it', async () => {
    const content = [...(await site().publish()).articles.versions.values()]
      .flatMap((versions) => [...versions.values()])
      .map((version) => version.content);
    expect(content).toHaveLength(1);
    for (const one of content) expect(await withCurrentMarkup(one)).toBe(one);
  });
});

describe('an article’s page', () => {
  test('is at its own path, with its lifetime, tag and validators', async () => {
    const { status, headers, body } = await (
      await site().publish({}, { path: '/news/local/bridge' })
    ).get('/news/local/bridge');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': pageLifetime,
      'x-amz-meta-cache-tag': `article:${harbour},${bridgeTags}`,
      'cache-tag': `article:${harbour},${bridgeTags}`,
      etag: expect.stringMatching(/^"[\w-]+"$/) as unknown,
    });
    expect(Date.parse(headers['last-modified'] ?? '')).not.toBeNaN();
    expect(textOf(body)).toContain('Harbour bridge reopens after storm repairs');
    expect(textOf(body)).toContain('The first lorries crossed at five.');
    expect(elementsOf(body)).toContainEqual({
      name: 'link',
      attributes: { rel: 'canonical', href: 'https://www.example.com/news/local/bridge' },
    });
  });

  test('is at the default path if it claims none', async () => {
    const newsroom = await site().publish();
    const path = `/articles/${harbour}/harbour-bridge-reopens-after-storm-repairs`;
    expect((await newsroom.get(path)).status).toBe(200);
  });

  test('is at a path in any script, percent-encoded or not', async () => {
    const newsroom = await site().publish({}, { path: '/新闻/港口' });
    expect((await newsroom.get('/%E6%96%B0%E9%97%BB/%E6%B8%AF%E5%8F%A3')).status).toBe(200);
    for (const path of ['/新闻/港口', '/%e6%96%b0%E9%97%BB/%E6%B8%AF%E5%8F%A3'])
      expect([path, (await newsroom.get('/', { path })).status]).toEqual([path, 200]);
  });

  test('redirects from its default path, its id, its old path and a trailing slash to its present path in one step', async () => {
    const newsroom = await (
      await site().publish({}, { path: '/news/old' })
    ).publish({ versionCreated: at(10) }, { path: '/news/new' });
    for (const path of [
      `/articles/${harbour}/harbour-bridge-reopens-after-storm-repairs`,
      `/articles/${harbour}`,
      `/articles/${harbour}/whatever/else`,
      '/news/old',
      '/news/new/',
      '/news/old/',
    ]) {
      const { status, headers, body } = await newsroom.get(path);
      expect([path, status, headers['location'], body]).toEqual([path, 301, '/news/new', '']);
      expect(headers['cache-control']).toMatch(/\bmax-age=60\b/);
      expect(headers['x-amz-meta-cache-tag']).toBe(`article:${harbour}`);
    }
    expect((await newsroom.get('/news/new')).status).toBe(200);
  });

  test('of a path that was taken over shows the new owner, and a rival’s is at its default path', async () => {
    const newsroom = await (
      await site().publish({}, { path: '/news/bridge' })
    ).publish({ uri: 'urn:newsroom:second', headlines: [{ value: 'Second' }] }, { path: '/news/bridge' });
    const second = articleIdOf('urn:newsroom:second');
    expect(textOf((await newsroom.get('/news/bridge')).body)).toContain('Harbour bridge');
    expect((await newsroom.get(`/articles/${second}/second`)).status).toBe(200);

    await newsroom.send('article.unpublished', {
      article: { uri: 'urn:newsroom:harbour-bridge', versionCreated: at(20) },
    });
    await newsroom.publish(
      { uri: 'urn:newsroom:second', headlines: [{ value: 'Second' }], versionCreated: at(30) },
      { path: '/news/bridge' },
    );
    expect(textOf((await newsroom.get('/news/bridge')).body)).toContain('Second');
    expect((await newsroom.get(`/articles/${second}/second`)).headers['location']).toBe('/news/bridge');
    expect((await newsroom.get(`/articles/${harbour}`)).status).toBe(410);
  });

  test('is 410 once it is withdrawn after it was public, as HTML and as JSON', async () => {
    const newsroom = await (
      await site().publish({}, { path: '/news/bridge' })
    ).send('article.unpublished', { article: { uri: story().uri, versionCreated: at(10) } });
    for (const path of ['/news/bridge', `/articles/${harbour}`, `/articles/${harbour}/any-slug`]) {
      const { status, headers, body } = await newsroom.get(path);
      expect([path, status]).toEqual([path, 410]);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': missingLifetime,
        'x-amz-meta-cache-tag': `article:${harbour},feed:latest,feeds`,
      });
      expect(body).not.toContain('Harbour bridge');
      expect(elementsOf(body)).toContainEqual({ name: 'meta', attributes: { name: 'robots', content: 'noindex' } });
    }
    const { status, headers, ...answer } = await newsroom.get(`/articles/${harbour}.json`);
    expect(status).toBe(410);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': missingLifetime,
      'x-amz-meta-cache-tag': `article:${harbour}`,
    });
    expect(JSON.parse(answer.body)).toMatchObject({ title: expect.any(String) as unknown, status: 410 });
  });

  test('is 404 once it is withheld, though it was public', async () => {
    const newsroom = await (
      await site().publish({}, { path: '/news/bridge' })
    ).publish({ versionCreated: at(10), pubStatus: 'withheld' });
    for (const path of ['/news/bridge', `/articles/${harbour}`, `/articles/${harbour}.json`]) {
      const { status, headers, body } = await newsroom.get(path);
      expect([path, status, headers['cache-control']]).toEqual([path, 404, missingLifetime]);
      expect(body).not.toContain('Harbour bridge');
    }
  });

  test('has no text once it is erased', async () => {
    const newsroom = await (
      await site().publish({}, { path: '/news/bridge' })
    ).send('article.erased', { article: { uri: story().uri, versionCreated: at(10) } });
    expect((await newsroom.get('/news/bridge')).status).toBe(410);
    expect((await newsroom.get(`/articles/${harbour}.json`)).status).toBe(410);
  });

  test('is 404 if it never existed, as HTML for browsers and a problem for programs', async () => {
    const newsroom = site();
    const page = await newsroom.get('/news/nothing');
    expect(page.status).toBe(404);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': missingLifetime,
    });
    const program = await newsroom.get('/articles/aaaaaaaaaaaaaaaa.json');
    expect(program.status).toBe(404);
    expect(program.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': missingLifetime,
    });
    expect(json(program)).toMatchObject({ status: 404, title: 'Not found' });
  });

  test('links to the latest stories if it is missing or withdrawn', async () => {
    const newsroom = await site().publish({}, { path: '/news/bridge' });
    await newsroom.publish(
      { uri: 'urn:newsroom:other', headlines: [{ value: 'Other & better' }] },
      { path: '/news/other' },
    );
    await newsroom.send('article.unpublished', { article: { uri: story().uri, versionCreated: at(10) } });
    for (const [path, status] of [
      ['/news/nothing', 404],
      ['/news/bridge', 410],
      ['/section/none', 404],
      ['/fronts/none.html', 404],
      ['/latest?limit=x', 400],
    ] as const) {
      const page = await newsroom.get(path);
      expect([path, page.status]).toEqual([path, status]);
      expect(page.body).toContain('<a href="/news/other">Other &amp; better</a>');
      expect(page.body).not.toContain('Harbour bridge');
      expect(page.headers['cache-control']).toBe(missingLifetime);
      // A story that leaves Latest News leaves these pages, too.
      expect(tagsOf(page)).toEqual(expect.arrayContaining(['feed:latest', 'feeds']));
    }
  });

  test('is byte for byte the same if withheld as if it never existed', async () => {
    const newsroom = await site().publish({}, { path: '/news/bridge' });
    await newsroom.publish({ uri: 'urn:newsroom:other', headlines: [{ value: 'Other' }] }, { path: '/news/other' });
    await newsroom.publish({ versionCreated: at(10), pubStatus: 'withheld' });
    const hidden = await newsroom.get('/news/bridge');
    const unknown = await newsroom.get('/news/nothing');
    expect([hidden.status, hidden.body, hidden.headers['cache-control']]).toEqual([
      404,
      unknown.body,
      unknown.headers['cache-control'],
    ]);
  });

  test('stays after it expires, when lists have dropped it', async () => {
    const newsroom = await site().publish({ expires: at(30) }, { path: '/news/bridge' });
    expect((await newsroom.get('/news/bridge')).status).toBe(200);
    expect(json(await newsroom.get('/feeds/latest.json'))['items'] ?? []).toEqual([]);
  });

  test.each([
    '//evil.example/',
    '/\\evil.example',
    '/%zz',
    '/.//',
    '/a/../..',
    '/\u0000',
    `/${'a'.repeat(5000)}`,
    '/articles/',
    '/articles/short',
    '/articles/../feeds',
  ])('is 404 at %j, without a redirect', async (path) => {
    const { status, headers } = await (await site().publish()).get('/', { path });
    expect([status, headers['location']]).toEqual([404, undefined]);
  });
});
