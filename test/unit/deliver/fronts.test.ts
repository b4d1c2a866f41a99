import { describe, expect, test } from '@jest/globals';
import type { Response } from '../../../functions/deliver/http.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { noon } from '../story.ts';
import { at, listLifetime, missingLifetime, Site, site, tagsOf, json, textOf, expectNothingRuns } from './site.ts';

describe('fronts', () => {
  const uriOf = (n: number): string => `urn:newsroom:story-${n}`;
  const pinned = 'urn:newsroom:pinned-before-it-exists';
  const withFront = async (containers: unknown[], name = 'home'): Promise<Site> => {
    const newsroom = site();
    for (let n = 0; n < 6; n += 1)
      await newsroom.publish({ uri: uriOf(n), headlines: [{ value: `Story ${n}` }], versionCreated: at(n) });
    return newsroom.send('front.published', { front: { name, versionCreated: at(10), containers } });
  };
  const headlines = (response: Response): string[][] =>
    (json(response)['containers'] as { items: { headline: string }[] }[]).map(({ items }) =>
      items.map(({ headline }) => headline),
    );
  const containers = [
    { title: 'Top', pins: [uriOf(1), pinned], backfill: 'latest', limit: 3, seeMore: 'https://www.example.com/latest' },
    {
      title: 'Local',
      backfill: 'section/news/local',
      limit: 2,
      links: [{ label: 'More', href: 'https://www.example.com/more' }],
    },
  ];

  test('have pins first, then the backfill, no article twice, and no pin that is not live', async () => {
    const response = await (await withFront(containers)).get('/fronts/home.json');
    expect(response.status).toBe(200);
    expect(headlines(response)).toEqual([
      ['Story 1', 'Story 5', 'Story 4'],
      ['Story 3', 'Story 2'],
    ]);
    expect(json(response)).toMatchObject({
      name: 'home',
      containers: [
        { title: 'Top', seeMore: 'https://www.example.com/latest' },
        { title: 'Local', links: [{ label: 'More', href: 'https://www.example.com/more' }] },
      ],
    });
  });

  test('have the lifetime of lists, their own tag, and those of all lists, of each backfill and of each pin', async () => {
    const newsroom = await withFront(containers);
    for (const [path, contentType] of [
      ['/fronts/home.json', 'application/json; charset=utf-8'],
      ['/fronts/home.html', 'text/html; charset=utf-8'],
      ['/', 'text/html; charset=utf-8'],
    ] as const) {
      const response = await newsroom.get(path);
      expect([path, response.status, response.headers['content-type'], response.headers['cache-control']]).toEqual([
        path,
        200,
        contentType,
        listLifetime,
      ]);
      expect(tagsOf(response)).toEqual(
        [
          'feeds',
          'feed:latest',
          'feed:section:news:local',
          'front:home',
          `pin:${articleIdOf(uriOf(1))}`,
          `pin:${articleIdOf(pinned)}`,
        ].sort(),
      );
    }
  });

  test('leave out one story on request, and are as long as before', async () => {
    const newsroom = await withFront(containers);
    expect(headlines(await newsroom.get(`/fronts/home.json?exclude=${articleIdOf(uriOf(1))}`))).toEqual([
      ['Story 5', 'Story 4', 'Story 3'],
      ['Story 2', 'Story 0'],
    ]);
    expect(headlines(await newsroom.get(`/fronts/home.json?exclude=${articleIdOf(uriOf(5))}`))).toEqual([
      ['Story 1', 'Story 4', 'Story 3'],
      ['Story 2', 'Story 0'],
    ]);
    expect((await newsroom.get('/fronts/home.json?exclude=nonsense')).status).toBe(400);
  });

  test('lose a withdrawn pin, and show an embargoed pin only after its embargo', async () => {
    const newsroom = await withFront(containers);
    await newsroom.send('article.unpublished', { article: { uri: uriOf(1), versionCreated: at(20) } });
    expect(headlines(await newsroom.get('/fronts/home.json'))[0]).toEqual(['Story 5', 'Story 4', 'Story 3']);
    const before = await newsroom.get('/fronts/home.json');
    await newsroom.publish({ uri: pinned, headlines: [{ value: 'Secret' }], embargoedUntil: at(600) });
    expect(await newsroom.get('/fronts/home.json')).toEqual(before);
    newsroom.clock.time = noon + 600 * 60_000;
    await newsroom.wake(articleIdOf(pinned));
    expect(headlines(await newsroom.get('/fronts/home.json'))[0]?.[0]).toBe('Secret');
  });

  test('that do not exist are 404 with the tag that their publication purges', async () => {
    const newsroom = await (
      await withFront(containers, 'sport')
    ).send('front.unpublished', { front: { name: 'sport', versionCreated: at(20) } });
    for (const name of ['sport', 'never']) {
      const missing = await newsroom.get(`/fronts/${name}.json`);
      expect([
        missing.status >= 404 && missing.status <= 410,
        missing.headers['content-type'],
        missing.headers['cache-control'],
        tagsOf(missing),
      ]).toEqual([true, 'application/problem+json', missingLifetime, [`front:${name}`]]);
      expect((await newsroom.get(`/fronts/${name}.html`)).headers['content-type']).toBe('text/html; charset=utf-8');
    }
  });

  test('named home are the home page; without it, Latest News is, and names the front that would replace it', async () => {
    const without = await site().publish();
    const response = await without.get('/');
    expect(response.status).toBe(200);
    expect(textOf(response.body)).toContain('Harbour bridge');
    expect(tagsOf(response)).toEqual(expect.arrayContaining(['feeds', 'front:home']));
  });

  test('run no code that a desk wrote into them', async () => {
    const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
    const newsroom = await withFront([
      { title: hostile, backfill: 'latest', links: [{ label: hostile, href: 'https://www.example.com/?"><script>' }] },
    ]);
    const { body } = await newsroom.get('/fronts/home.html');
    expectNothingRuns(body);
    expect(textOf(body)).toContain(hostile);
  });

  test('reject a link that runs code', async () => {
    await expect(withFront([{ title: 'x', links: [{ label: 'x', href: 'javascript:alert(1)' }] }])).rejects.toThrow(
      'front.containers.0.links.0.href',
    );
    await expect(withFront([{ title: 'x', seeMore: 'javascript:alert(1)' }])).rejects.toThrow(
      'front.containers.0.seeMore',
    );
  });
});
