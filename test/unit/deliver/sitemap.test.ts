import { describe, expect, test } from '@jest/globals';
import { deliver } from '../../../functions/deliver/deliver.ts';
import { theme } from '../newspaper.ts';
import { noon } from '../story.ts';
import { at, listLifetime, Site, site, tagsOf } from './site.ts';

describe('the news sitemap', () => {
  const locations = async (newsroom: Site): Promise<string[]> =>
    [...(await newsroom.get('/sitemap-news.xml')).body.matchAll(/<loc>([^<]*)<\/loc>/g)].map(
      ([, location]) => location ?? '',
    );

  test('lists the stories of the last two days, newest first, in Google’s format', async () => {
    const newsroom = site();
    await newsroom.publish({ uri: 'urn:old', versionCreated: at(-48 * 60 + 59) }, { path: '/old' });
    await newsroom.publish({ uri: 'urn:yesterday', versionCreated: at(-24 * 60) }, { path: '/yesterday' });
    await newsroom.publish({ uri: 'urn:today', headlines: [{ value: 'Fish & <chips>\u0008' }] }, { path: '/today' });
    const { status, headers, body } = await newsroom.get('/sitemap-news.xml');
    expect([status, headers['content-type'], headers['cache-control'], tagsOf({ status, headers, body })]).toEqual([
      200,
      'application/xml; charset=utf-8',
      listLifetime,
      ['feed:latest', 'feeds'],
    ]);
    expect(await locations(newsroom)).toEqual(['https://www.example.com/today', 'https://www.example.com/yesterday']);
    const { XMLParser } = await import('fast-xml-parser');
    const { urlset } = new XMLParser({ ignoreAttributes: false }).parse(body) as { urlset: Record<string, unknown> };
    expect(urlset).toMatchObject({
      '@_xmlns': 'http://www.sitemaps.org/schemas/sitemap/0.9',
      '@_xmlns:news': 'http://www.google.com/schemas/sitemap-news/0.9',
    });
    expect((urlset['url'] as unknown[])[0]).toEqual({
      loc: 'https://www.example.com/today',
      'news:news': {
        'news:publication': { 'news:name': 'The Harbour', 'news:language': 'en' },
        'news:publication_date': '2026-05-01T12:00:00.000Z',
        'news:title': 'Fish & <chips>',
      },
    });
  });

  test('leaves out withdrawn, expired and embargoed stories', async () => {
    const newsroom = site();
    await newsroom.publish({ uri: 'urn:gone' }, { path: '/gone' });
    await newsroom.publish({ uri: 'urn:expired', expires: at(59) }, { path: '/expired' });
    await newsroom.publish({ uri: 'urn:waits', embargoedUntil: at(90) }, { path: '/waits' });
    expect(await locations(newsroom)).toEqual(['https://www.example.com/gone']);
    await newsroom.send('article.unpublished', { article: { uri: 'urn:gone', versionCreated: at(30) } });
    expect(await locations(newsroom)).toEqual([]);
  });

  test('has at most a thousand stories', async () => {
    const newsroom = site();
    for (let n = 0; n < 1003; n += 1)
      await newsroom.publish(
        { uri: `urn:${n}`, versionCreated: new Date(noon - n * 1000).toISOString() },
        { path: `/s/${n}` },
      );
    const listed = await locations(newsroom);
    expect([listed.length, listed[0], listed.at(-1)]).toEqual([
      1000,
      'https://www.example.com/s/0',
      'https://www.example.com/s/999',
    ]);
  });
});

test('pages show times in the newsroom’s time zone', async () => {
  const newsroom = await site().publish({}, { path: '/p' });
  const inZone = async (timeZone: string): Promise<string> =>
    (
      await deliver(newsroom.with({ theme: { ...theme, timeZone } }), {
        method: 'GET',
        path: '/p',
        query: new URLSearchParams(),
        host: 'x',
      })
    ).body;
  expect(await inZone('Europe/London')).toContain(
    '<time datetime="2026-05-01T12:00:00.000Z">1 May 2026 at 13:00 BST</time>',
  );
  expect(await inZone('UTC')).toContain('1 May 2026 at 12:00 UTC');
});
