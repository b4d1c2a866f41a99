import { readableAt } from '../../shared/article/readable.ts';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { articleIdOf, type Article } from '../../shared/article/article.ts';
import { cardOf, type Card } from '../../shared/article/card.ts';
import {
  articleWithout,
  pictureIdNamed,
  pictureIdOf,
  pictureIdsOf,
  pictureUriOf,
} from '../../shared/picture/picture.ts';
import { cardWithout, differing, nothingPulled, pulledBy, maxPulled } from '../../shared/picture/pulled-pictures.ts';
import { sanitise } from '../../shared/article/sanitise.ts';
import type { Hold } from '../../shared/article/version.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon, story } from './story.ts';

const bridge = 'urn:agency:picture:bridge';
const address = 'https://pictures.example.com/inline.jpg';
const picture = {
  uri: bridge,
  type: 'picture',
  by: 'Mia Stone',
  descriptions: [{ role: 'caption', contentType: 'text/plain', value: 'The first lorries cross.' }],
  renditions: [
    { href: 'https://pictures.example.com/bridge-320.jpg', contentType: 'image/jpeg', width: 320, height: 213 },
    {
      href: 'https://pictures.example.com/bridge-1280.jpg?a=1&b=2',
      contentType: 'image/jpeg',
      width: 1280,
      height: 853,
    },
  ],
};
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

describe('the identity of a picture', () => {
  test.each<[string, Parameters<typeof pictureUriOf>[0], string | undefined, string?]>([
    ['its uri', { uri: 'urn:p', renditions: [{ href: address }] }, 'urn:p'],
    [
      'its first address',
      { renditions: [{ name: 'none' }, { href: address }, { href: 'https://pictures.example.com/2.jpg' }] },
      address,
    ],
    [
      'its first address, in any size',
      { renditions: [{ href: `${address}?w=2` }] },
      `${address}?w=2`,
      articleIdOf(address),
    ],
    [
      'an address whose query names the picture',
      { renditions: [{ href: 'https://x.example/image?id=1' }] },
      'https://x.example/image?id=1',
    ],
    ['nothing', { renditions: [{ name: 'none' }] }, undefined],
    ['nothing at all', {}, undefined],
  ])('%s', (_, item, uri, id = uri === undefined ? undefined : articleIdOf(uri)) => {
    expect(pictureUriOf(item)).toBe(uri);
    expect(pictureIdOf(item)).toBe(id);
  });

  test('the pictures of a story are all of its associations and all addresses in its text, each once', () => {
    const article = story({
      associations: [{ uri: 'urn:a', associations: [{ uri: 'urn:b' }, { uri: 'urn:a' }, {}] }, {}],
      bodies: [
        {
          contentType: 'text/html',
          value:
            '<p><img srcset="https://x.example/1.jpg 1x,  https://x.example/2.jpg?a=1&amp;b=2 2x" src="https://x.example/0.jpg" /></p>',
        },
        { contentType: 'text/html', value: '<img src="https://x.example/3.jpg"><img alt="">' },
        { contentType: 'text/plain', value: '<img src="https://x.example/plain.jpg">' },
      ],
    });
    const uris = [
      'urn:a',
      'urn:b',
      'https://x.example/1.jpg',
      'https://x.example/2.jpg',
      'https://x.example/0.jpg',
      'https://x.example/3.jpg',
    ];
    expect(pictureIdsOf(article)).toEqual(uris.map(articleIdOf));
    const bare = story();
    delete bare.associations;
    delete bare.bodies;
    expect(pictureIdsOf(bare)).toEqual([]);
  });
});

describe('the list of pulled pictures', () => {
  const origin = { correlationId: 'c' };
  const held: Hold = { kind: 'held', articleId: 'a', uri: 'urn:a', digest: 'd', receivedAt: 5, origin };
  const unheld: Hold = { ...held, kind: 'unheld', receivedAt: 6 };

  test('has a higher seq after each change, and its origin', () => {
    expect(pulledBy(nothingPulled, 'a', [held], 100)).toStrictEqual({ seq: 100, ids: new Set(['a']), origin });
    expect(pulledBy({ seq: 100, ids: new Set(['a', 'b']) }, 'a', [held, unheld], 50)).toStrictEqual({
      seq: 101,
      ids: new Set(['b']),
      origin,
    });
  });

  test('is unchanged if the order has no effect', () => {
    expect(pulledBy({ seq: 1, ids: new Set(['a']) }, 'a', [held], 100)).toBeUndefined();
    expect(pulledBy(nothingPulled, 'a', [held, unheld], 100)).toBeUndefined();
    expect(pulledBy(nothingPulled, 'a', [], 100)).toBeUndefined();
    // Taken off by hand, without a hold that would say why.
    expect(pulledBy({ seq: 1, ids: new Set(['a']) }, 'a', [], 100)).toStrictEqual({ seq: 100, ids: new Set() });
  });

  test('is limited, and names the limit before its row is full', () => {
    const full = { seq: 1, ids: new Set(Array.from({ length: maxPulled }, (_, index) => `a${index}`)) };
    expect(() => pulledBy(full, 'one more', [held], 100)).toThrow(/full with 20000 pictures.*restore-picture/);
    expect(pulledBy(full, 'a7', [held, unheld], 100)?.ids.size).toBe(maxPulled - 1);
  });

  test('differs from another list by the pictures that only one of them has', () => {
    expect(differing({ seq: 1, ids: new Set(['a', 'b']) }, { seq: 2, ids: new Set(['b', 'c']) })).toEqual(['a', 'c']);
  });
});

describe('an article without its pulled pictures', () => {
  const pulled = { seq: 1, ids: new Set(['urn:a', 'https://x.example/1.jpg'].map(articleIdOf)) };

  test('has a card without the picture, and the same card if it has another or none', () => {
    const cardWith = (uri: string): Card =>
      cardOf(story({ associations: [{ ...picture, uri }] }), '/news/bridge', noon);
    const none = cardOf(story({ associations: [] }), '/news/bridge', noon);
    const other = cardWith('urn:other');
    expect(other.picture?.id).toBe(articleIdOf('urn:other'));
    expect(cardWithout(cardWith('urn:a'), pulled)).toStrictEqual(none);
    expect(cardWithout(other, pulled)).toBe(other);
    expect(cardWithout(none, pulled)).toBe(none);
    // A card that an earlier release wrote names a picture by the whole of its address.
    expect(
      cardWithout(cardWith('https://x.example/9.jpg?w=1'), {
        seq: 1,
        ids: new Set([articleIdOf('https://x.example/9.jpg')]),
      }),
    ).not.toHaveProperty('picture');
    const old = { ...other, picture: { id: 'old', href: 'https://x.example/1.jpg?w=800' } };
    expect(cardWithout(old, pulled)).not.toHaveProperty('picture');
  });

  test('keeps every other picture, nested ones too, and all of the text around', () => {
    const kept = [{ uri: 'urn:k', associations: [{ uri: 'urn:l', name: 'kept' }] }, { name: 'no uri' }];
    const article = story({
      associations: [
        {
          uri: 'urn:k',
          associations: [
            { uri: 'urn:a', renditions: [{ href: 'https://x.example/a.jpg' }, {}] },
            { uri: 'urn:l', name: 'kept' },
          ],
        },
        { name: 'no uri' },
        { uri: 'urn:a' },
      ],
      bodies: [
        {
          contentType: 'text/html',
          value:
            '<figure><img src="https://x.example/k.jpg" /><figcaption>kept</figcaption></figure><p>One <img src="https://x.example/a.jpg" />two</p>' +
            '<figure><img src="https://x.example/other.jpg" srcset="https://x.example/9.jpg 1x, https://x.example/1.jpg 2x" /><figcaption>gone</figcaption></figure><p><img src="https://x.example/1.jpg" /></p>',
        },
        { contentType: 'text/plain', value: 'see <img src="https://x.example/1.jpg">' },
      ],
    });
    expect(articleWithout(article, pulled)).toStrictEqual({
      ...article,
      associations: kept,
      bodies: [
        {
          contentType: 'text/html',
          value:
            '<figure><img src="https://x.example/k.jpg" /><figcaption>kept</figcaption></figure><p>One two</p><p></p>',
        },
        { contentType: 'text/plain', value: 'see <img src="https://x.example/1.jpg">' },
      ],
    });
  });

  test.each(['https://x.example/9.jpg?w=1', 'http://x.example/9.jpg', 'https://x.example/9-300x200.jpg'])(
    'also loses a picture that an earlier release listed in one spelling: %s',
    (named) => {
      const ids = new Set([articleIdOf(named)]);
      const given = story({
        associations: [{ type: 'picture', renditions: [{ href: named }] }],
        bodies: [{ contentType: 'text/html', value: `<p>a<img src="${named}" /></p>` }],
      });
      expect(articleWithout(given, { ids })).toMatchObject({ associations: [], bodies: [{ value: '<p>a</p>' }] });
    },
  );

  test('gains nothing if it has neither pictures nor text', () => {
    const bare = story();
    delete bare.associations;
    delete bare.bodies;
    expect(articleWithout(bare, pulled)).toStrictEqual(bare);
  });
});

test.each([
  ['https://X.example/s.jpg', 'https://x.example/s.jpg'],
  ['http://x.example:80/s.jpg', 'http://x.example/s.jpg'],
  ['https://x.example/Ü6.jpg', 'https://x.example/%C3%9C6.jpg'],
  ['https://x.example/a b.jpg', 'https://x.example/a%20b.jpg'],
  [' https://x.example/s.jpg', 'https://x.example/s.jpg'],
])('a pulled picture at %j is removed from a text that has it as %j', (href, src) => {
  const picture = { type: 'picture', uri: 'urn:p:1', renditions: [{ href }] };
  const article = {
    ...story(),
    associations: [picture],
    bodies: [{ contentType: 'text/html', value: `<p>a</p><img src="${src}">` }],
  };
  const pulled = articleWithout(article, { ids: new Set([articleIdOf('urn:p:1')]) });
  expect(pulled.bodies?.[0]?.value).toBe('<p>a</p>');
  const embargoed = { ...article, associations: [{ ...picture, embargoedUntil: '2030-01-01T00:00:00Z' }] };
  expect(readableAt(embargoed, Date.parse('2026-05-01T00:00:00Z')).article.bodies?.[0]?.value).toBe('<p>a</p>');
});

test.each([
  'https://pics.example/%71uiet.jpg',
  'https://pics.example./quiet.jpg',
  'https://PICS.example:443/quiet%2Ejpg?w=2#top',
])('%s is the address of the picture without escapes', (href) => {
  expect(pictureIdNamed(href)).toBe(pictureIdNamed('https://pics.example/quiet.jpg'));
});
