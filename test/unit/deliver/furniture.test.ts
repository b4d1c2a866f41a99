import { describe, expect, test } from '@jest/globals';
import { fitsAnswer } from '../../../functions/deliver/http.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { cardOf } from '../../../shared/article/card.ts';
import { placeOf } from '../../../shared/feed/placement.ts';
import { acceptTheme } from '../../../shared/site/theme-schema.ts';
import type { Theme } from '../../../shared/site/theme.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { theme } from '../newspaper.ts';
import { noon, story } from '../story.ts';

const bridge = articleIdOf(story().uri);

async function pipelineWith(article: Record<string, unknown> = {}, look: Theme = theme): Promise<Pipeline> {
  const pipeline = new Pipeline(noon + 3_600_000, look);
  await pipeline.send('article.published', { article: story(article), path: '/news/bridge' });
  return pipeline;
}

const pageOf = async (article: Record<string, unknown> = {}, look: Theme = theme): Promise<string> =>
  (await (await pipelineWith(article, look)).see('/news/bridge')).body;

describe('an article’s page', () => {
  test('has share links that load nothing from other sites', async () => {
    const body = await pageOf({ headlines: [{ value: 'Q&A: 100% "new"' }] });
    const links = [...body.matchAll(/<a rel="nofollow noopener" href="([^"]*)">/g)].map(([, href = '']) =>
      href.replaceAll('&amp;', '&'),
    );
    const address = encodeURIComponent('https://www.example.com/news/bridge');
    expect(links).toEqual([
      `mailto:?subject=Q%26A%3A%20100%25%20%22new%22&body=${address}`,
      `https://wa.me/?text=Q%26A%3A%20100%25%20%22new%22%20${address}`,
      `https://www.facebook.com/sharer/sharer.php?u=${address}`,
      `https://x.com/intent/tweet?url=${address}&text=Q%26A%3A%20100%25%20%22new%22`,
    ]);
    expect(await pageOf({}, { ...theme, share: [] })).not.toContain('class="share"');
  });

  test('says so if it is more than a year old', async () => {
    const notice = '<p class="old">Published more than a year ago</p>';
    expect(await pageOf({ firstPublished: '2024-12-01T00:00:00.000Z' })).toContain(notice);
    expect(await pageOf()).not.toContain(notice);
  });

  test('has the reading time and the dateline', async () => {
    const words = (count: number): object => ({
      bodies: [{ contentType: 'text/html', value: `<p>${'word '.repeat(count)}</p>` }],
    });
    expect(await pageOf({ ...words(1150) })).toContain('· 5 min read</p>');
    expect(await pageOf({ ...words(100) })).not.toContain('min read');
    for (const [letters, language] of [
      ['报道内容', 'zh'],
      ['ニュースを読む', 'ja'],
      ['ข่าววันนี้', 'th'],
    ] as const)
      expect(
        await pageOf({ language, bodies: [{ contentType: 'text/html', value: `<p>${letters.repeat(500)}</p>` }] }),
      ).toMatch(/ · [4-9] min read<\/p>/);
    expect(await pageOf({ located: 'Port Halden' })).toContain('<span class="place">Port Halden</span> · <time');
    expect(await pageOf({ located: 'Kyiv', by: 'Ada Marlow in Kyiv' })).not.toContain('class="place"');
  });
});

test('the footer of every page has the links and the line of the theme', async () => {
  const look = {
    ...theme,
    footer: [{ label: 'Complaints', href: '/about/complaints' }],
    copyright: '© Harbour Press',
  };
  const pipeline = await pipelineWith({}, look);
  for (const path of ['/news/bridge', '/latest', '/nothing']) {
    const { body } = await pipeline.see(path);
    expect(body).toContain('<li><a href="/about/complaints">Complaints</a></li>');
    expect(body).toContain('<p>© Harbour Press</p>');
  }
});

describe('old addresses', () => {
  test.each([
    ['/latest/', '/latest'],
    ['/Section/News/Local', '/section/news/local'],
    ['/section/news/local/', '/section/news/local'],
    ['/Topic/Bridges/', '/topic/bridges'],
    ['/News/BRIDGE', '/news/bridge'],
    ['/Feeds/Latest.RSS', '/feeds/latest.rss'],
    [`/ARTICLES/${bridge.toUpperCase()}.JSON`, `/articles/${bridge}.json`],
    [`/Articles/${bridge.toUpperCase()}/Bridge`, `/articles/${bridge}/bridge`],
    ['/news/bridge/', '/news/bridge'],
  ])('%s redirects to %s, with its query', async (path, to) => {
    const { status, headers } = await (await pipelineWith()).see(`${path}?limit=5`);
    expect([status, headers['location']]).toEqual([301, `${to}?limit=5`]);
  });

  test('that match nothing are 404 in every spelling', async () => {
    for (const path of ['/Nothing', '/News/Other', '/NOTHING/', '/Preview/a.b.c'])
      expect((await (await pipelineWith()).see(path)).status).toBe(404);
  });
});

describe('files of the site', () => {
  test('robots.txt names both sitemaps, and has what the theme adds', async () => {
    const robots = ['User-agent: GPTBot', 'Disallow: /'];
    expect((await (await pipelineWith({}, { ...theme, robots })).see('/robots.txt')).body).toBe(
      'User-agent: *\nAllow: /\n\nUser-agent: GPTBot\nDisallow: /\n\n' +
        'Sitemap: https://www.example.com/sitemap-news.xml\nSitemap: https://www.example.com/sitemap.xml\n',
    );
  });

  test('the archive has one sitemap for each month that has stories', async () => {
    const pipeline = await pipelineWith();
    for (const [name, firstPublished] of [
      ['old', '2024-12-31T23:59:59.999Z'],
      ['older', '2024-12-01T00:00:00.000Z'],
      ['oldest', '2019-02-03T00:00:00.000Z'],
      ['ancient', '1821-05-31T23:59:59.999Z'],
    ] as const)
      await pipeline.send('article.published', {
        article: story({ uri: `urn:${name}`, firstPublished }),
        path: `/${name}`,
      });
    const locations = async (path: string): Promise<(string | undefined)[]> =>
      [...(await pipeline.see(path)).body.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, location]) => location);
    const months = ['2026-05', '2024-12', '2019-02', '1821-05'].map(
      (month) => `https://www.example.com/sitemap-${month}.xml`,
    );
    expect(await locations('/sitemap.xml')).toEqual(months);
    expect(await locations('/sitemap-2024-12.xml')).toEqual([
      'https://www.example.com/old',
      'https://www.example.com/older',
    ]);
    expect(await locations('/sitemap-1821-05.xml')).toEqual(['https://www.example.com/ancient']);
    for (const month of ['2025-01', '2018-01', '2024-13'])
      expect((await pipeline.see(`/sitemap-${month}.xml`)).status).toBe(404);
  });

  test('a month’s sitemap has the newest stories that fit into one answer', async () => {
    const pipeline = await pipelineWith();
    const published = (at: number): string => new Date(Date.UTC(2024, 11, 1) + at * 60_000).toISOString();
    for (let at = 0; at < 4_500; at += 1) {
      const place = placeOf(articleIdOf(`urn:${at}`), Date.parse(published(at)));
      const path = `/${String(at).padStart(4, '0')}${'&'.repeat(290)}`;
      const card = cardOf(story({ uri: `urn:${at}`, versionCreated: published(at) }), path, Date.parse(published(at)));
      await pipeline.feeds.put({ feed: 'latest', place, seq: 1, card });
    }
    const { status, body } = await pipeline.see('/sitemap-2024-12.xml');
    expect([status, fitsAnswer(body)]).toEqual([200, true]);
    expect(body).toContain('/4499&amp;');
    expect(body.match(/<loc>/g)?.length).toBeGreaterThan(3_000);
  });

  test('are there if the theme has content for them', async () => {
    const look: Theme = {
      ...theme,
      searchPage: '/search?q={query}&sort=new',
      ads: ['example.com, 1, DIRECT'],
      security: { contact: 'mailto:security@example.com', expires: '2027-01-01T00:00:00.000Z' },
      touchIcon: '/assets/touch.png',
    };
    const paths = ['/opensearch.xml', '/ads.txt', '/.well-known/security.txt'];
    const plain = await pipelineWith();
    for (const path of paths) expect((await plain.see(path)).status).toBe(404);
    const pipeline = await pipelineWith({}, look);
    const bodies = await Promise.all(paths.map(async (path) => (await pipeline.see(path)).body));
    expect(bodies[0]).toContain(
      '<Url type="text/html" template="https://www.example.com/search?q={searchTerms}&amp;sort=new"/>',
    );
    expect(bodies[1]).toBe('example.com, 1, DIRECT\n');
    expect(bodies[2]).toContain('Contact: mailto:security@example.com\nExpires: 2027-01-01T00:00:00.000Z\n');
    expect((await pipeline.see('/nothing')).body).toContain('<a href="/search?q=&amp;sort=new">Search</a>');
    const { body: list } = await pipeline.see('/latest');
    expect(list).toContain('<link rel="apple-touch-icon" href="/assets/touch.png">');
    expect(list).toMatch(/<nav class="sections"[^]*<a href="\/search\?q=&amp;sort=new">Search<\/a><\/li><\/ul><\/nav>/);
    expect(JSON.parse((await pipeline.see('/site.webmanifest')).body)).toMatchObject({
      name: 'The Harbour',
      start_url: '/',
      icons: [{ src: '/assets/icon.svg' }, { src: '/assets/touch.png' }],
    });
    const { status, headers } = await pipeline.see('/favicon.ico');
    expect([status, headers['content-type']]).toEqual([200, 'image/svg+xml']);
  });
});

describe('the content security policy of pages', () => {
  test('allows the hosts and hashes of the theme, and nothing else', async () => {
    const csp = { 'script-src': ['https://*.stats.example'], 'frame-src': ['https://ads.example.com'] };
    const policy = (await (await pipelineWith({}, { ...theme, csp })).see('/latest')).headers[
      'content-security-policy'
    ];
    expect(policy).toMatch(/script-src 'sha256-[^']+' 'sha256-[^']+' 'sha256-[^']+' https:\/\/\*\.stats\.example;/);
    expect(policy).toMatch(/frame-src https:[^;]* https:\/\/ads\.example\.com;/);
    expect(policy).toContain("default-src 'none'");
  });

  test.each([
    { csp: { 'script-src': ["'unsafe-inline'"] } },
    { csp: { 'script-src': ['*'] } },
    { csp: { 'script-src': ['https://a.example; script-src *'] } },
    { csp: { 'default-src': ['https://a.example'] } },
    { robots: ['Disallow: /\nUser-agent: *'] },
    { robots: ['nonsense'] },
    { ads: ['nonsense'] },
    { security: { contact: 'somebody', expires: '2027-01-01T00:00:00Z' } },
    { security: { contact: 'mailto:a@example.com' } },
    { searchPage: '/search' },
    { searchPage: 'javascript:{query}' },
    { footer: [{ label: 'About', href: 'javascript:alert(1)' }] },
    { share: ['myspace'] },
    { translations: { english: {} } },
  ])('rejects a theme with %j', (more) => {
    expect(acceptTheme({ ...theme, ...more })).toMatchObject({ issues: [expect.any(String)] });
  });

  test('accepts a theme with all of it', () => {
    expect(
      acceptTheme({
        ...theme,
        footer: [{ label: 'About', href: '/about' }],
        share: ['email'],
        searchPage: 'https://search.example.com/?q={query}',
        ads: ['# ours', 'example.com, pub-1, DIRECT, f08c47fec0942fa0', 'OWNERDOMAIN=example.com'],
        security: { contact: 'mailto:a@example.com', expires: '2027-01-01T00:00:00Z', policy: 'https://a.example/p' },
        robots: ['User-agent: GPTBot', 'Disallow: /', ''],
        csp: { 'script-src': ["'sha256-abc='", 'https://*.example.com'] },
        translations: { nb: { by: 'Av' } },
        agencies: ['NTB'],
        policies: { ethics: '/ethics' },
        shareImage: { href: '/assets/share.png', width: 1200, height: 630 },
      }),
    ).toHaveProperty('theme');
  });
});
