import { describe, expect, test } from '@jest/globals';
import { canonicalJson, deepestJson, saySame, wellFormed } from '../../shared/canonical.ts';
import { slugOf } from '../../shared/article/slug.ts';
import {
  compareVersions,
  digestOf,
  holdKey,
  inOrder,
  packContent,
  receivedAtOf,
  unpackContent,
  versionKey,
  type Content,
  type Version,
} from '../../shared/article/version.ts';

const content: Content = {
  event: 'article.published',
  article: { uri: 'urn:x', versionCreated: '2026-05-01T12:00:00.000Z' },
};
const version = (more: Partial<Version> = {}): Version => ({
  articleId: 'a',
  versionCreated: 1000,
  revision: 0,
  receivedAt: 2000,
  digest: 'd'.repeat(64),
  status: 'usable',
  content,
  ...more,
});

describe('the order of versions', () => {
  const ascending = [
    version({ versionCreated: 999, revision: 9, receivedAt: 9999, status: 'canceled', digest: 'f' }),
    version({ receivedAt: 1999, status: 'withheld', digest: 'f' }),
    version({ digest: 'b' }),
    version({ digest: 'c' }),
    version({ status: 'canceled', digest: 'a' }),
    version({ status: 'withheld', digest: 'b' }),
    version({ receivedAt: 2001, digest: 'a' }),
    version({ revision: 1, receivedAt: 1, digest: 'a' }),
    version({ versionCreated: 1001, receivedAt: 1, digest: 'a' }),
  ];

  test('is by versionCreated, revision, receipt, not usable above usable, digest', () => {
    for (const [i, a] of ascending.entries())
      for (const [j, b] of ascending.entries()) expect(Math.sign(compareVersions(a, b))).toBe(Math.sign(i - j));
  });

  test('is restored from rows in the order of their keys, from either end', async () => {
    const byKey = [...ascending].sort((a, b) => (versionKey(a) < versionKey(b) ? -1 : 1));
    const rows = async function* (given: readonly Version[]): AsyncGenerator<Version> {
      for (const row of given) yield await Promise.resolve(row);
    };
    expect(await Array.fromAsync(inOrder(rows(byKey), 'oldest'))).toEqual(ascending);
    expect(await Array.fromAsync(inOrder(rows([...byKey].reverse()), 'newest'))).toEqual([...ascending].reverse());
    expect(await Array.fromAsync(inOrder(rows([]), 'oldest'))).toEqual([]);
  });

  test.each([{ versionCreated: 999 }, { revision: 1 }, { receivedAt: 1999 }])(
    'reads only to the first row that is not equal up to receipt: %j',
    async (more) => {
      let read = 0;
      const rows = async function* (): AsyncGenerator<Version> {
        for (const row of [
          version({ digest: 'a' }),
          version({ digest: 'b' }),
          version(more),
          version({ versionCreated: 1 }),
        ]) {
          read += 1;
          yield await Promise.resolve(row);
        }
      };
      for await (const first of inOrder(rows(), 'newest')) {
        expect([first.digest, read]).toEqual(['b', 3]);
        break;
      }
    },
  );

  test('is in the key with the time of receipt', () => {
    expect(receivedAtOf(versionKey(version({ receivedAt: 1_777_636_800_412 })))).toBe(1_777_636_800_412);
  });

  test('is in keys of fixed width', () => {
    expect(versionKey(version({ revision: 7 }))).toBe('v#0000000001000#0000000007#0000000002000#dddddddddddd');
    expect(holdKey({ receivedAt: 2000, digest: 'e'.repeat(64) })).toBe('h#0000000002000#eeeeeeeeeeee');
  });
});

test('a digest depends on detail-type and detail, but not on the order of keys and the receipt', () => {
  const digest = digestOf('article.published', { a: 1, b: 2, receivedAt: 3 });
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(digestOf('article.published', { b: 2, a: 1 })).toBe(digest);
  expect(digestOf('article.updated', { a: 1, b: 2 })).not.toBe(digest);
  expect(digestOf('article.published', { a: 1, b: 3 })).not.toBe(digest);
  expect(digestOf('article.published', { a: 1, b: { receivedAt: 3 } })).not.toBe(
    digestOf('article.published', { a: 1, b: {} }),
  );
});

test('content is the same after it was stored and read, and smaller in its row', () => {
  const long: Content = { ...content, reason: 'again and '.repeat(500) };
  expect(unpackContent(packContent(long))).toStrictEqual(long);
  expect(packContent(long).byteLength).toBeLessThan(500);
});

describe('JSON', () => {
  test('has one canonical text for any order of keys, and absent equals undefined', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: 2 }], a: undefined })).toBe('{"b":[1,{"c":2,"d":1}]}');
    expect(canonicalJson(undefined)).toBe('');
    expect(saySame({ a: 1, b: 2 }, { b: 2, a: 1, c: undefined })).toBe(true);
    expect(saySame({ a: 1 }, { a: '1' })).toBe(false);
    expect(saySame(undefined, null)).toBe(false);
  });

  test('is made well formed in every text and name, at any depth', () => {
    expect(wellFormed({ 'a\ud800': ['\udc00', { b: 'x\ud83d' }], n: 1, t: true, o: null })).toStrictEqual({
      'a\ufffd': ['\ufffd', { b: 'x\ufffd' }],
      n: 1,
      t: true,
      o: null,
    });
  });

  test('is read to a depth of a hundred, in lists and objects', () => {
    const nested = (depth: number, list: boolean): unknown => {
      let value: unknown = 1;
      for (let level = 0; level < depth; level += 1) value = list ? [value] : { a: value };
      return value;
    };
    for (const list of [true, false]) {
      expect(wellFormed(nested(deepestJson, list))).toStrictEqual(nested(deepestJson, list));
      expect(() => wellFormed(nested(deepestJson + 1, list))).toThrow(RangeError);
    }
  });

  test('cannot have an infinite number or NaN', () => {
    expect(() => wellFormed([Infinity])).toThrow(RangeError);
    expect(() => wellFormed({ a: NaN })).toThrow(RangeError);
  });
});

describe('a slug', () => {
  test.each([
    ['Harbour bridge reopens!', 'harbour-bridge-reopens'],
    ['Übergröße & Größeres', 'uebergroesse-and-groesseres'],
    ['fooBar C3PO', 'foobar-c3po'],
    ['--', expect.stringMatching(/^[a-z2-7]{8}$/)],
    ['港口', expect.stringMatching(/^[a-z2-7]{8}$/)],
  ])('of %j is %s', (name, slug) => {
    expect(slugOf(name)).toEqual(slug);
  });

  test('has at most 64 characters, ends in a letter or digit, and is a hash if ASCII leaves nothing', () => {
    expect(slugOf('a'.repeat(100))).toBe('a'.repeat(64));
    expect(slugOf(`${'a'.repeat(63)} b`)).toBe('a'.repeat(63));
    expect(slugOf(`${'a'.repeat(62)} - b`)).not.toMatch(/-$/);
    expect(slugOf('港口')).not.toBe(slugOf('口港'));
    // Characters beyond the limit are not read.
    expect(slugOf(`${'!'.repeat(256)}a`)).toMatch(/^[a-z2-7]{8}$/);
  });
});
