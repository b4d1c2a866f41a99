import { describe, expect, test } from '@jest/globals';
import type { Theme } from '../../../shared/site/theme.ts';
import { croppedPicture } from '../../fixtures/awkward-stories.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { theme } from '../newspaper.ts';
import { noon, story } from '../story.ts';

const look = {
  ...theme,
  description: 'News of the harbour.',
  policies: { ethics: '/about/ethics', corrections: 'https://www.example.com/corrections' },
};

async function thingsAt(path: string, article: Record<string, unknown> = {}, of: Theme = look): Promise<unknown[]> {
  const pipeline = new Pipeline(noon + 3_600_000, of);
  await pipeline.send('article.published', { article: story(article), path: '/p' });
  await pipeline.send('front.published', {
    front: {
      name: 'home',
      versionCreated: '2026-05-01T12:00:00Z',
      containers: [{ title: 'Top', backfill: 'latest', limit: 3 }],
    },
  });
  const { body } = await pipeline.see(path);
  return [...body.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)].map(
    ([, json]) => JSON.parse(json ?? '') as unknown,
  );
}

describe('structured data', () => {
  test('of an article has its lead picture in three ratios, with credit and copyright', async () => {
    const [article] = await thingsAt('/p', { associations: [croppedPicture] });
    const owned = {
      creditText: croppedPicture.by,
      copyrightNotice: croppedPicture.copyrightNotice,
      creator: { '@type': 'Organization', name: 'Agency & Sons' },
    };
    expect(article).toMatchObject({
      image: [
        { url: 'https://pictures.example.com/wide-1920x1080.jpg', width: 1920, height: 1080, ...owned },
        { url: 'https://pictures.example.com/card-800x600.jpg', width: 800, height: 600, ...owned },
        { url: 'https://pictures.example.com/square-600x600.jpg', width: 600, height: 600, ...owned },
      ],
    });
  });

  test('of an article without a picture has the theme’s picture, as the page has', async () => {
    const shareImage = { href: '/assets/share.png', width: 1200, height: 630 };
    const [article] = await thingsAt('/p', { associations: [] }, { ...look, shareImage });
    expect(article).toMatchObject({ image: [{ url: 'https://www.example.com/assets/share.png' }] });
  });

  test('names the publisher with a logo, also without one in the theme, and its policies', async () => {
    const [article] = await thingsAt('/p');
    expect(article).toMatchObject({
      publisher: {
        '@type': 'NewsMediaOrganization',
        logo: { '@type': 'ImageObject', url: 'https://www.example.com/assets/icon.svg' },
        ethicsPolicy: 'https://www.example.com/about/ethics',
        correctionsPolicy: 'https://www.example.com/corrections',
      },
    });
    expect(await thingsAt('/')).toEqual([
      expect.objectContaining({ '@type': 'NewsMediaOrganization', name: 'The Harbour' }),
      expect.objectContaining({ '@type': 'WebSite', url: 'https://www.example.com/' }),
    ]);
  });

  test('has the breadcrumbs of a page', async () => {
    const trail = [
      { '@type': 'ListItem', position: 1, name: 'News', item: 'https://www.example.com/section/news' },
      {
        '@type': 'ListItem',
        position: 2,
        name: 'Around the Harbour',
        item: 'https://www.example.com/section/news/local',
      },
    ];
    const [, article] = await thingsAt('/p');
    expect(article).toMatchObject({
      '@type': 'BreadcrumbList',
      itemListElement: [...trail, { position: 3, name: 'Harbour bridge reopens after storm repairs' }],
    });
    const [, section] = await thingsAt('/section/news/local');
    expect(section).toMatchObject({ '@type': 'BreadcrumbList', itemListElement: trail });
    // Google asks for two at least (developers.google.com/search/docs/appearance/structured-data/breadcrumb).
    expect(await thingsAt('/section/news')).toHaveLength(1);
  });

  test('of an author’s page is a profile, and an agency is not a person', async () => {
    const [profile] = await thingsAt('/author/ada-marlow');
    expect(profile).toMatchObject({
      '@type': 'ProfilePage',
      mainEntity: { '@type': 'Person', name: 'Ada Marlow', worksFor: { name: 'The Harbour' } },
      hasPart: { '@type': 'ItemList', itemListElement: [{ url: 'https://www.example.com/p' }] },
    });
    const [article] = await thingsAt(
      '/p',
      { by: 'By Ada Marlow in Kyiv; with Reuters and Fjordnytt' },
      { ...look, agencies: ['Fjordnytt'] },
    );
    expect(article).toMatchObject({
      author: [
        { '@type': 'Person', name: 'Ada Marlow' },
        { '@type': 'Organization', name: 'Reuters' },
        { '@type': 'Organization', name: 'Fjordnytt' },
      ],
    });
  });

  test('of a list has its stories in order', async () => {
    const [list] = await thingsAt('/topic/bridges');
    expect(list).toMatchObject({
      '@type': 'CollectionPage',
      name: 'Bridges',
      description: 'Bridges: Harbour bridge reopens after storm repairs',
      mainEntity: {
        '@type': 'ItemList',
        itemListElement: [{ '@type': 'ListItem', position: 1, url: 'https://www.example.com/p' }],
      },
    });
  });
});

describe('metadata for search engines and link previews', () => {
  const pipeline = async (): Promise<Pipeline> => {
    const line = new Pipeline(noon + 3_600_000, look);
    await line.send('article.published', { article: story({ associations: [croppedPicture] }), path: '/p' });
    return line;
  };

  test('allows large previews of pages, and excludes JSON and error pages', async () => {
    const line = await pipeline();
    for (const path of ['/p', '/latest', '/section/news'])
      expect((await line.see(path)).body).toContain('<meta name="robots" content="max-image-preview:large">');
    expect((await line.see('/nothing')).body).toContain('<meta name="robots" content="noindex">');
    for (const path of ['/feeds/latest.json', `/changes`, '/openapi.json'])
      expect((await line.see(path)).headers).toMatchObject({ 'x-robots-tag': 'noindex' });
    expect((await line.see('/feeds/latest.rss')).headers).not.toHaveProperty('x-robots-tag');
  });

  test('has a description on every list', async () => {
    const line = await pipeline();
    for (const path of ['/latest', '/section/news', '/topic/bridges', '/author/ada-marlow', '/genre/explainer'])
      expect((await line.see(path)).body).toMatch(/<meta name="description" content="[^"]*Harbour bridge reopens/);
  });

  test('has the picture with its size and alternative text', async () => {
    const { body } = await (await pipeline()).see('/p');
    for (const [property, content] of [
      ['', 'https://pictures.example.com/wide-1920x1080.jpg'],
      [':width', '1920'],
      [':height', '1080'],
      [':alt', 'A red buoy on grey water'],
    ] as const)
      expect(body).toContain(`<meta property="og:image${property}" content="${content}">`);
  });
});
