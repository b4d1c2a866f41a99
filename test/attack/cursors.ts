import { describe, expect, test } from '@jest/globals';
import { cursorOf } from '../../shared/feed/feed.ts';
import { stack } from './shared-stack.ts';

describe('a cursor that Pressrun did not make', () => {
  const place = '2026-05-01T12:00:00.000Z#abcdefghijklmnop';
  const feed = [
    cursorOf('2026-02-30T12:00:00.000Z#abcdefghijklmnop'),
    cursorOf('9999-99-99T99:99:99.999Z#abcdefghijklmnop'),
    cursorOf(`${place}x`),
    cursorOf(`x${place}`),
    cursorOf(place.toUpperCase()),
    `${cursorOf(place)}=`,
    `${cursorOf(place)}%20`,
    cursorOf('2126-05-01T12:00:00.000Z#abcdefghijklmnop'),
    cursorOf('#'),
    cursorOf(''),
    'x',
    '__proto__',
    '../../etc/passwd',
    '%00',
    "' OR 1=1",
    'a'.repeat(5000),
  ];

  test('is answered 400 by a feed in every format', async () => {
    for (const cursor of feed) {
      for (const target of [
        '/feeds/latest.json',
        '/feeds/latest.rss',
        '/feeds/latest.atom',
        '/latest',
        '/section/world',
      ]) {
        const { statuses } = await stack.ask('edge', `${target}?after=${cursor.replaceAll(' ', '+')}`);
        expect([target, cursor.slice(0, 80), statuses]).toEqual([target, cursor.slice(0, 80), [400]]);
      }
    }
  });

  test('is answered 400 by the list of changes, or 410 if it is older than the list, without reading years of rows', async () => {
    const far = (position: string): string => Buffer.from(position).toString('base64url');
    const id = '#0000000000000000#abcdefghijklmnop';
    for (const [cursor, status] of [
      [far(`0000000000000${id}`), 410],
      [far(`9999999999999${id}`), 400],
      [far(`${Date.now() + 3_600_000}${id}`), 400],
      [far(`${Date.now()}#9999999999999999#abcdefghijklmnop`), 400],
      [far(`${Date.now()}${id}~9999999999999999`), 400],
      [far(`${Date.now()}${id}~0`), 410],
      [far(`${Date.now()}${id}~00`), 400],
      [far(`99999999999999${id}`), 400],
      ['x', 400],
    ] as const) {
      const { statuses } = await stack.ask('edge', `/changes?after=${cursor}`);
      expect([Buffer.from(cursor, 'base64url').toString(), statuses]).toEqual([
        Buffer.from(cursor, 'base64url').toString(),
        [status],
      ]);
    }
  });

  test('is cached once in all its spellings', async () => {
    for (const [path, wrong] of [
      ['/feeds/latest.json', ['after=x%79', 'after=%78y', 'after=x+y', 'after=x=', `after=${'a'.repeat(200)}`]],
      ['/feeds/latest.rss', ['limit=030', 'limit=0030', 'limit=3%30', 'limit=101', 'limit=-1']],
      ['/fronts/home.json', ['exclude=ABCDEFGHIJKLMNOP', 'exclude=%61bcdefghijklmnop', 'exclude=1']],
      ['/changes', ['since=01', 'since=%31', 'since=now']],
    ] as const) {
      const [first, ...others] = await Promise.all(
        wrong.map(async (query, n) => {
          if (n > 0) await stack.ask('edge', `${path}?${wrong[0]}`);
          return stack.ask('edge', `${path}?${query}`);
        }),
      );
      expect([path, first?.statuses]).toEqual([path, [400]]);
      // CloudFront says of an error that it had kept that it is one, and how old it is.
      for (const { statuses, text } of others)
        expect([path, statuses, /^age: \d+/im.test(text)]).toEqual([path, [400], true]);
    }
  });

  test('a path is cached once in all its spellings', async () => {
    await stack.ask('edge', '/section/one-path');
    for (const target of [
      '/%73ection/one-path',
      '/section/%6fne-path',
      '/section/%6Fne%2Dpath',
      '/%73%65%63%74%69%6f%6e/one-path',
    ])
      expect([target, /^age: \d+/im.test((await stack.ask('edge', target)).text)]).toEqual([target, true]);
  });

  test('an invalid limit, instant or id is answered 400', async () => {
    for (const target of [
      '/feeds/latest.json?limit=0',
      '/feeds/latest.json?limit=101',
      '/feeds/latest.json?limit=1e1',
      '/feeds/latest.json?limit=-1',
      '/feeds/latest.json?limit=',
      '/changes?since=1e3',
      '/changes?since=9999999999999999',
    ]) {
      expect([target, (await stack.ask('edge', target)).statuses]).toEqual([target, [400]]);
    }
  });
});
