import { describe, expect, test } from '@jest/globals';
import { theme } from '../newspaper.ts';
import { pipelineWith, publish } from './newsroom.ts';

describe('metadata for programs', () => {
  test('robots.txt allows every crawler and names the sitemap (RFC 9309, sitemaps.org)', async () => {
    const { status, headers, body } = await (await pipelineWith()).see('/robots.txt');
    expect([status, headers['content-type'], headers['x-amz-meta-cache-tag'], body]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'site',
      'User-agent: *\nAllow: /\n\nSitemap: https://www.example.com/sitemap-news.xml\nSitemap: https://www.example.com/sitemap.xml\n',
    ]);
  });

  test('a story that another site published first names its page, and is in feeds but in no sitemap', async () => {
    const canonical = 'https://partner.example.com/bridge?a=1&b=2';
    const pipeline = await pipelineWith({ altIds: [{ role: 'canonical', value: canonical }] });
    await publish(pipeline, 1);
    await publish(pipeline, 2, { altIds: [{ role: 'canonical', value: 'https://www.example.com/s/2' }] });
    const { body } = await pipeline.see('/p');
    expect(body).toContain('<link rel="canonical" href="https://partner.example.com/bridge?a=1&amp;b=2">');
    expect(body).toContain('<meta property="og:url" content="https://partner.example.com/bridge?a=1&amp;b=2">');
    for (const path of ['/sitemap-news.xml', '/sitemap-2026-05.xml']) {
      const sitemap = (await pipeline.see(path)).body;
      expect([...sitemap.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url]) => url)).toEqual([
        'https://www.example.com/s/2',
        'https://www.example.com/s/1',
      ]);
    }
    expect((await pipeline.see('/feeds/latest.rss')).body).toContain('<link>https://www.example.com/p</link>');
  });

  test('a page has metadata for link previews, and links to its other formats', async () => {
    const { body } = await (await pipelineWith()).see('/p');
    for (const said of [
      '<link rel="canonical" href="https://www.example.com/p">',
      '<link rel="alternate" hreflang="en" href="https://www.example.com/p">',
      '<meta property="og:type" content="article">',
      '<meta property="og:site_name" content="The Harbour">',
      '<meta property="og:image" content="https://pictures.example.com/bridge-1280.jpg">',
      '<meta property="og:image:alt" content="Lorries on a bridge at dawn">',
      '<meta property="article:published_time" content="2026-05-01T12:00:00.000Z">',
      '<meta property="article:author" content="https://www.example.com/author/ada-marlow">',
      '<meta name="twitter:card" content="summary_large_image">',
      '<link rel="alternate" type="application/atom+xml" title="Around the Harbour" href="https://www.example.com/feeds/section/news/local.atom">',
    ])
      expect(body).toContain(said);
  });

  test('structured data has all that Google recommends for an article, with each author and page', async () => {
    const pipeline = await pipelineWith({}, { ...theme, logo: { href: '/assets/logo.svg', width: 200, height: 40 } });
    const data = JSON.parse(
      /<script type="application\/ld\+json">(.*?)<\/script>/s.exec((await pipeline.see('/p')).body)?.[1] ?? '',
    ) as Record<string, unknown>;
    expect(data).toEqual({
      '@context': 'https://schema.org',
      '@type': 'NewsArticle',
      mainEntityOfPage: { '@type': 'WebPage', '@id': 'https://www.example.com/p' },
      url: 'https://www.example.com/p',
      headline: 'Harbour bridge reopens after storm repairs',
      description: 'Traffic flowed again at dawn, three weeks ahead of plan.',
      // Google: ISO 8601 with a zone.
      datePublished: '2026-05-01T12:00:00.000Z',
      dateModified: '2026-05-01T12:00:00.000Z',
      inLanguage: 'en',
      articleSection: 'Around the Harbour',
      author: [
        { '@type': 'Person', name: 'Ada Marlow', url: 'https://www.example.com/author/ada-marlow' },
        { '@type': 'Person', name: 'Jon Bright', url: 'https://www.example.com/author/jon-bright' },
      ],
      isAccessibleForFree: true,
      keywords: ['Bridges'],
      image: [
        {
          '@type': 'ImageObject',
          url: 'https://pictures.example.com/bridge-1280.jpg',
          width: 1280,
          height: 853,
          creditText: 'Mia Stone',
        },
      ],
      publisher: {
        '@type': 'NewsMediaOrganization',
        name: 'The Harbour',
        url: 'https://www.example.com',
        logo: { '@type': 'ImageObject', url: 'https://www.example.com/assets/logo.svg', width: 200, height: 40 },
      },
    });
  });
});
