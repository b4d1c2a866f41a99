import { readableAt } from '../../shared/article/readable.ts';
import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import { cardOf, type Card } from '../../shared/article/card.ts';
import {
  articleWithout,
  pictureIdNamed,
  pictureIdOf,
  pictureIdsOf,
  pictureUriOf,
} from '../../shared/picture/picture.ts';
import { cardWithout, differing, nothingPulled, pulledBy, maxPulled } from '../../shared/picture/pulled-pictures.ts';
import type { Hold } from '../../shared/article/version.ts';
import { noon, story } from './story.ts';
import { address, picture } from './bridge-picture.ts';

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
