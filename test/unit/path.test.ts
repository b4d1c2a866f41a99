import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalPath, defaultPath, pathIssue } from '../../shared/article/path.ts';
import { anyCharacter } from './any-character.ts';

const segment = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 12 }),
  fc.constantFrom(
    '',
    '.',
    '..',
    '%2e',
    '%2E%2e',
    '%',
    '%zz',
    'a b',
    'ä',
    '港',
    '?',
    '#',
    '\\',
    '\t',
    '%2f',
    'news',
    'articles',
    ':@',
  ),
);
const anyPath = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);

describe('the canonical path', () => {
  test.each([
    ['/news/world/a-story', '/news/world/a-story'],
    ['/news/world/a-story/', '/news/world/a-story'],
    ['/news/world/a-story//', '/news/world/a-story'],
    ['/', '/'],
    ['/nachrichten/übergröße', '/nachrichten/%C3%BCbergr%C3%B6%C3%9Fe'],
    ['/nachrichten/%C3%BCbergr%C3%B6%C3%9Fe', '/nachrichten/%C3%BCbergr%C3%B6%C3%9Fe'],
    ['/新闻/港口', '/%E6%96%B0%E9%97%BB/%E6%B8%AF%E5%8F%A3'],
    ['/a b', '/a%20b'],
    ['/a/./b/../c', '/a/c'],
    ['/News', '/News'],
  ])('of %s is %s, as a browser sends it', (path, canonical) => {
    expect(canonicalPath(path)).toBe(canonical);
  });

  test.each(['', 'news', '//evil.example/x', 'http://evil.example/x', '/\\evil.example/x', 'javascript:alert(1)'])(
    'of %j is undefined, because it is not an absolute path',
    (path) => {
      expect(canonicalPath(path)).toBeUndefined();
    },
  );

  test('of an accepted path is accepted, and is its own canonical path', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        if (pathIssue(path) !== undefined) return;
        const canonical = canonicalPath(path) ?? '';
        expect(canonicalPath(canonical)).toBe(canonical);
        expect(pathIssue(canonical)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['/%%32e', '/%%32e%%32e/admin', '/a/%%32f%%32fevil.example', '/%2%35', '/100%'])(
    'of %s is undefined, because decoding would make it another path',
    (path) => {
      expect(canonicalPath(path)).toBeUndefined();
      expect(pathIssue(path)).toBe('must not have a % that is not followed by two hexadecimal digits');
    },
  );

  test('of a canonical path is the same path', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyPath,
          fc
            .array(fc.constantFrom('%', '2', '5', 'e', 'E', 'f', '.', '/', '\\', 'a', '%25', '%2e', '?'), {
              maxLength: 14,
            })
            .map((parts) => `/${parts.join('')}`),
        ),
        (path) => {
          const canonical = canonicalPath(path);
          if (canonical !== undefined) expect(canonicalPath(canonical)).toBe(canonical);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('begins with a slash and does not end with one, or is undefined', () => {
    fc.assert(
      fc.property(fc.oneof(anyPath, fc.string({ unit: anyCharacter })), (path) => {
        const canonical = canonicalPath(path);
        if (canonical !== undefined && canonical !== '/') expect(canonical).toMatch(/^\/.*[^/]$/);
      }),
      { numRuns: 2000 },
    );
  });

  test('is ASCII, so that a header can have it', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        expect(canonicalPath(path) ?? '').toMatch(/^[!-~]*$/);
      }),
      { numRuns: 1000 },
    );
  });
});

test('a path that is too long for a DynamoDB key only when escaped is rejected', () => {
  const path = `/${'"'.repeat(900)}`;
  expect(canonicalPath(path)).toBeUndefined();
  expect(pathIssue(path)).toBe('must be at most 300 bytes once percent-encoded');
});

describe('issues of a path', () => {
  test.each([
    '/sitemap.xml',
    '/sitemap_index.xml',
    '/ads.txt',
    '/app-ads.txt',
    '/sellers.json',
    '/sw.js',
    '/service-worker.js',
    '/favicon.ico',
    '/apple-touch-icon.png',
    '/site.webmanifest',
    '/manifest.json',
    '/security.txt',
    '/humans.txt',
    '/opensearch.xml',
    '/Ads.TXT',
    '/.well-known/security.txt',
    '/.well-known/apple-app-site-association',
    '/.well-known/x',
  ])('%s is rejected, because programs look for other files there', (path) => {
    expect(pathIssue(path)).toMatch(/^must not begin with \/\S+, which is reserved/);
  });

  test.each([
    '/feeds%2Flatest.json',
    '/feeds%2flatest.json',
    '/%66eeds%2F',
    '/x/..%2Faudio/a.mp3',
    '/news%2Ffeeds',
    '/articles%5Cx',
  ])('%s is rejected, because a server that decodes it sees another path', (path) => {
    expect(pathIssue(path)).toBe('must not have an encoded slash or backslash');
  });

  test.each([
    '/news/ads.txt',
    '/story.html',
    '/2026/05/budget.php',
    '/what-is-security.txt-for',
    '/node.js-at-ten',
    '/feeds-of-the-day',
    '/version-2.0',
  ])('%s is accepted', (path) => {
    expect(pathIssue(path)).toBeUndefined();
  });

  test.each([
    '/news/world/a-story',
    '/a',
    '/news/2026/05/01/港口',
    '/news/a-story/',
    '/articles-of-faith',
    '/latest-news',
    '/Section/x',
  ])('there are none for %s', (path) => {
    expect(pathIssue(path)).toBeUndefined();
  });

  test.each([
    ['news/world', /absolute path such as \//],
    ['', /absolute path/],
    ['//evil.example/x', /absolute path/],
    ['https://www.example.com/x', /absolute path/],
    ['/', /home page/],
    ['/a/..', /home page/],
    ['/a?page=2', /query/],
    ['/a#b', /fragment/],
    ['/a\\b', /backslash/],
    ['/news//a', /empty segment/],
    ['/a/..//b', /empty segment/],
    [`/${'a'.repeat(300)}`, /at most \d+ bytes/],
    [`/${'港'.repeat(60)}`, /at most \d+ bytes once percent-encoded/],
  ])('%j is rejected with advice', (path, words) => {
    expect(pathIssue(path)).toMatch(words);
  });

  test.each([
    'articles',
    'assets',
    'audio',
    'changes',
    'favicon.ico',
    'feeds',
    'fronts',
    'ingest',
    'latest',
    'robots.txt',
    'section',
    'topic',
    'author',
    'genre',
    'healthz',
    'sitemap-news.xml',
    '.well-known',
  ])('include that /%s is reserved, in every spelling', (own) => {
    for (const path of [`/${own}`, `/${own}/`, `/${own}/x`, `/x/../${own}/y`, `/%2e/${own}/z`]) {
      expect(pathIssue(path)).toBe(`must not begin with /${own}, which is reserved for the site itself`);
    }
  });

  test.each(['/.//', '/a/..//', '/x/../../', '/././/.//'])('include that %j resolves to nothing', (path) => {
    expect(pathIssue(path)).toBeDefined();
  });
});

describe('the default path', () => {
  test('has the article’s id and its headline', () => {
    expect(defaultPath('abcdefghijklmnop', 'Harbour bridge reopens!')).toBe(
      '/articles/abcdefghijklmnop/harbour-bridge-reopens',
    );
    expect(defaultPath('abcdefghijklmnop', 'Übergröße für Öland')).toMatch(/^\/articles\/abcdefghijklmnop\/[a-z-]+$/);
  });

  test('is canonical for every headline', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), (headline) => {
        const path = defaultPath('abcdefghijklmnop', headline);
        expect(path).toMatch(/^\/articles\/abcdefghijklmnop\/[a-z0-9-]{1,64}$/);
        expect(canonicalPath(path)).toBe(path);
      }),
    );
  });
});
