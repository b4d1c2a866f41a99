import { describe, expect, test } from '@jest/globals';
import { parseRssFeed } from 'feedsmith';
import { at, harbour, pipelineWith, publish } from './newsroom.ts';

describe('the name of a list', () => {
  test.each([
    ['/author/conan-o-brien', { by: 'By Conan O’Brien' }, 'Conan O’Brien'],
    ['/genre/q-and-a', { genres: [{ name: 'Q & A' }] }, 'Q & A'],
    ['/topic/uebergroesse-in-zuerich', { subjects: [{ name: 'Übergröße in Zürich' }] }, 'Übergröße in Zürich'],
    [
      '/author/ada-marlow',
      { by: 'From our correspondent', people: [{ rel: 'author', name: 'Ada Marlow' }] },
      'Ada Marlow',
    ],
    ['/section/news/local', {}, 'Around the Harbour'],
    ['/section/arts', { subjects: [{ rel: 'section', literal: 'Arts' }] }, 'Arts'],
    ['/latest', {}, 'Latest News'],
  ])('%s is specific to it', async (path, article, name) => {
    const pipeline = await pipelineWith(article);
    expect(/<h1>([^<]*)<\/h1>/.exec((await pipeline.see(path)).body)?.[1]?.replaceAll('&amp;', '&')).toBe(name);
    expect(parseRssFeed((await pipeline.see(`/feeds${path}.rss`)).body).title).toBe(`${name} – The Harbour`);
  });

  test('is in a different title on each page of the list', async () => {
    const pipeline = await pipelineWith(null);
    for (let n = 0; n < 3; n += 1) await publish(pipeline, n);
    const first = (await pipeline.see('/latest?limit=1')).body;
    const next = /<a rel="next" href="([^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const titleIn = (html: string): string => /<title>([^<]*)</.exec(html)?.[1] ?? '';
    const second = (await pipeline.see(next)).body;
    expect([titleIn(first), titleIn(second)]).toEqual([
      'Latest News – The Harbour',
      'Latest News, before 1 May 2026 at 12:01 UTC – The Harbour',
    ]);
    expect(second).toContain('<a href="/latest">Newest stories</a>');
  });
});

describe('the rails', () => {
  test('are one fragment with the tags of the front, and without the article', async () => {
    const pipeline = await pipelineWith();
    await pipeline.send('front.published', {
      front: {
        name: 'article',
        versionCreated: at(1),
        containers: [{ title: 'Box', backfill: 'latest', limit: 1, pins: ['urn:later'] }],
      },
    });
    const { status, headers, body } = await pipeline.see('/fronts/article.fragment.html');
    expect([status, headers['content-type'], headers['x-robots-tag']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'noindex',
    ]);
    expect(headers['x-amz-meta-cache-tag']).toBe(
      (await pipeline.see('/fronts/article.json')).headers['x-amz-meta-cache-tag'],
    );
    expect(body).toMatch(/^<section class="rail"/);
    expect(body).toContain('data-limit="1"');
  });

  test('are Latest News if the theme’s front was never published; another missing front is 404', async () => {
    const pipeline = await pipelineWith();
    const { status, headers, body } = await pipeline.see('/fronts/article.fragment.html');
    expect([status, headers['x-amz-meta-cache-tag']]).toEqual([200, 'front:article,feeds,feed:latest']);
    expect(body).toContain(`data-id="${harbour}"`);
    expect((await pipeline.see('/fronts/other.fragment.html')).status).toBe(404);
  });
});
