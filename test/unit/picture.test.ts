import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { articleIdOf, type Article } from '../../shared/article/article.ts';
import { articleWithout, pictureIdsOf } from '../../shared/picture/picture.ts';
import { nothingPulled } from '../../shared/picture/pulled-pictures.ts';
import { sanitise } from '../../shared/article/sanitise.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon, story } from './story.ts';
import { address, bridge, picture } from './bridge-picture.ts';

const body =
  '<p>At dawn.</p><figure><img src="https://pictures.example.com/bridge-1280.jpg?a=1&amp;b=2" alt="a > b" /><figcaption>Lorries</figcaption></figure>' +
  `<p>Later.</p><p><img src="${address}" alt="" /></p>`;

let pipeline: Pipeline;
const articleId = articleIdOf('urn:newsroom:harbour-bridge');

const publish = async (overrides: Partial<Article> = {}): Promise<void> =>
  pipeline.send('article.published', {
    article: story({
      versionCreated: new Date(pipeline.clock.time).toISOString(),
      associations: [picture],
      bodies: [{ contentType: 'text/html', value: body }],
      ...overrides,
    }),
    path: '/news/bridge',
  });
const order = async (event: string, uri: string, more: Record<string, unknown> = {}): Promise<void> => {
  pipeline.clock.time += 1000;
  await pipeline.send(event, {
    article: { uri, type: 'picture', versionCreated: new Date(pipeline.clock.time).toISOString(), ...more },
  });
};
const surfaces = [
  '/news/bridge',
  `/articles/${articleId}.json`,
  '/feeds/latest.json',
  '/feeds/latest.rss',
  '/feeds/latest.atom',
  '/latest',
  '/fronts/home.json',
  '/fronts/home.html',
];
const texts = async (): Promise<[string, string][]> =>
  Promise.all(surfaces.map(async (path): Promise<[string, string]> => [path, (await pipeline.see(path)).body]));
const showing = async (mark: string): Promise<string[]> =>
  (await texts()).flatMap(([path, text]) => (text.includes(mark) ? [path] : []));

beforeEach(async () => {
  pipeline = new Pipeline(noon);
  await pipeline.send('front.published', {
    front: {
      name: 'home',
      versionCreated: '2026-05-01T11:00:00Z',
      containers: [{ title: 'Top', pins: ['urn:newsroom:harbour-bridge'] }],
    },
  });
  await publish();
});

describe('a pulled picture', () => {
  test('leaves every story and list, with its caption in the text, and the story stays', async () => {
    expect(await showing('com/bridge-')).toEqual(
      expect.arrayContaining([
        '/news/bridge',
        `/articles/${articleId}.json`,
        '/feeds/latest.json',
        '/feeds/latest.rss',
        '/fronts/home.json',
      ]),
    );
    await order('article.held', bridge, { pubStatus: undefined });
    expect(await showing('com/bridge-')).toEqual([]);
    expect(await showing('Lorries')).toEqual([]);
    expect(await showing('Mia Stone')).toEqual([]);
    expect(await showing('inline.jpg')).toEqual(['/news/bridge', `/articles/${articleId}.json`]);
    expect((await pipeline.see('/news/bridge')).status).toBe(200);
  });

  test('stays out of later versions and other stories until it is restored', async () => {
    await order('article.unpublished', bridge);
    await publish({ headlines: [{ value: 'Sent anew' }] });
    await pipeline.send('article.published', {
      article: story({ uri: 'urn:other', versionCreated: '2026-05-01T12:00:00Z', associations: [picture] }),
    });
    expect(await showing('com/bridge-')).toEqual([]);
    await order('article.unheld', bridge);
    expect(await showing('com/bridge-')).toEqual(expect.arrayContaining(['/news/bridge', '/feeds/latest.json']));
    expect(pipeline.rejections.kept).toEqual([]);
  });

  test('without a uri is identified by its address, in the text too', async () => {
    await order('article.held', address);
    expect(await showing('inline.jpg')).toEqual([]);
    expect((await showing('com/bridge-')).length).toBeGreaterThan(0);
  });

  // Sizes of one file are asked for by the query.
  test.each([
    `${address}?w=2`,
    `${address}?w=2&h=1#x`,
    address.replace('https://', 'HTTPS://').replace('.com/', '.com:443/'),
  ])('that is pulled by address is pulled in every size: %s', async (named) => {
    await publish({
      bodies: [
        {
          contentType: 'text/html',
          value: `<p>Text</p><figure><img src="${address}?w=9" srcset="${address}?w=800 800w"><figcaption>inline.jpg</figcaption></figure>`,
        },
      ],
      versionCreated: '2026-05-01T11:30:00Z',
    });
    expect(await showing('inline.jpg')).not.toEqual([]);
    await order('article.held', named);
    expect(await showing('inline.jpg')).toEqual([]);
    await order('article.unheld', address);
    expect(await showing('inline.jpg')).not.toEqual([]);
  });

  test('is pulled too if its agency kills it (pubStatus canceled)', async () => {
    await order('article.updated', bridge, { pubStatus: 'canceled' });
    expect(await showing('com/bridge-')).toEqual([]);
  });

  test('is purged from its pages and every list, at once and again later, when pulled and when restored', async () => {
    for (const event of ['article.held', 'article.unheld']) {
      pipeline.purgeRequests.asked.length = 0;
      const page = (await pipeline.see('/news/bridge')).headers['x-amz-meta-cache-tag']?.split(',');
      expect(page).toContain(`picture:${articleIdOf(bridge)}`);
      await order(event, bridge);
      expect(
        pipeline.purgeRequests.asked.map(({ tags, urgent, delaySeconds }) => ({ tags, urgent, delaySeconds })),
      ).toEqual(
        [0, pipeline.purgeAgainSeconds].map((delaySeconds) => ({
          tags: [`picture:${articleIdOf(bridge)}`, 'galleries', 'feeds'],
          urgent: true,
          delaySeconds,
        })),
      );
    }
  });

  test('that is pulled twice changes nothing the second time', async () => {
    await order('article.held', bridge);
    pipeline.purgeRequests.asked.length = 0;
    await order('article.held', bridge);
    expect(pipeline.purgeRequests.asked).toEqual([]);
  });

  test('is not an article: its hold does not affect a story of the same uri', async () => {
    await order('article.held', 'urn:newsroom:harbour-bridge');
    await publish({ headlines: [{ value: 'Still here' }] });
    expect((await pipeline.see('/news/bridge')).status).toBe(200);
  });

  test('that is published alone is rejected, because pictures come with their stories', async () => {
    await order('article.published', bridge);
    expect(pipeline.rejections.kept).toHaveLength(1);
  });

  test('is in the same state after orders in any sequence, and with concurrent settles', async () => {
    const item = (receivedAt: number): Record<string, unknown> => ({
      article: { uri: bridge, type: 'picture', versionCreated: '2026-05-01T12:00:00Z' },
      receivedAt,
    });
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4 }), async (seconds) => {
        const one = new Pipeline(noon + 60_000);
        for (const second of seconds)
          await one.send(second % 2 === 1 ? 'article.held' : 'article.unheld', item(noon + second * 1000));
        expect((await one.pictures.pulled()).ids.size).toBe(0);
      }),
      { numRuns: 24 },
    );
    await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) =>
        pipeline.send('article.held', {
          ...item(pipeline.clock.time),
          article: { uri: name, type: 'picture', versionCreated: '2026-05-01T12:00:00Z' },
        }),
      ),
    );
    expect((await pipeline.pictures.pulled()).ids).toEqual(new Set(['a', 'b', 'c', 'd'].map(articleIdOf)));
  });
});

test('a gallery with more pictures than tags on a page has one tag for all of them', async () => {
  const many = Array.from({ length: 60 }, (_, n) => ({ ...picture, uri: `urn:picture:${n}` }));
  await publish({ associations: many, versionCreated: new Date(noon + 30_000).toISOString() });
  const tags = (await pipeline.see('/news/bridge')).headers['x-amz-meta-cache-tag']?.split(',') ?? [];
  expect(tags.length).toBeLessThanOrEqual(50);
  expect(tags).toContain('galleries');
});

test('removing a pulled picture leaves the text around it well formed, whatever the text', () => {
  const markup = fc.array(
    fc.constantFrom(
      '<p>',
      '</p>',
      '<figure>',
      '</figure>',
      '<figcaption>',
      '</figcaption>',
      `<img src="${address}">`,
      '<img src="https://x.example/kept.png" srcset="https://x.example/k2.png 2x">',
      'word ',
      '"',
      '>',
      '<',
    ),
    { maxLength: 24 },
  );
  fc.assert(
    fc.property(markup, (parts) => {
      const text = sanitise(parts.join(''));
      const article = story({ associations: [], bodies: [{ contentType: 'text/html', value: text }] });
      const value = articleWithout(article, { ids: new Set([articleIdOf(address)]) }).bodies?.[0]?.value ?? '';
      expect(value).not.toContain('inline.jpg');
      expect(pictureIdsOf(article).includes(articleIdOf(address))).toBe(text.includes('inline.jpg'));
      if (!text.includes('inline.jpg')) expect(value).toBe(text);
      if (!text.includes('<figure')) expect(value.match(/kept/g)?.length).toBe(text.match(/kept/g)?.length);
      expect(articleWithout(article, nothingPulled)).toBe(article);
    }),
  );
});
