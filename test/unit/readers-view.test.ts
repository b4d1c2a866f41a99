import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accept } from '../../shared/article/accept.ts';
import { readersView } from '../../shared/cms/readers-view.ts';
import { busEvent, noon, story } from './story.ts';

function viewOf(detail: Record<string, unknown>, now = noon, event = 'article.published'): string {
  const accepted = accept(busEvent(event, detail), 'delivery');
  if (accepted.kind !== 'version') throw new Error(JSON.stringify(accepted));
  return readersView(accepted.version, now);
}

const withBody = (value: string): string =>
  viewOf({ article: story({ bodies: [{ role: 'main', contentType: 'text/html', value }] }) });

/** Values that a CMS generates at each request, different in each rendering. */
interface Noise {
  readonly number: number;
  readonly word: string;
  readonly isSwapped: boolean;
  readonly encoding: 'named' | 'decimal' | 'hexadecimal' | 'none';
  readonly space: string;
}
const noise: fc.Arbitrary<Noise> = fc.record({
  number: fc.nat(9999),
  word: fc.stringMatching(/^[a-z][a-z\d]{4,9}$/),
  isSwapped: fc.boolean(),
  encoding: fc.constantFrom('named', 'decimal', 'hexadecimal', 'none'),
  space: fc.constantFrom(' ', '\n', '  ', '\t\n '),
});

/** A version as a person wrote it. */
interface Written {
  readonly kind: 'paragraph' | 'link' | 'gallery' | 'footnote' | 'search' | 'embed' | 'list' | 'code' | 'table';
  readonly text: string;
  readonly place: string;
}
const words = fc.stringMatching(/^[a-z]{1,8}( [a-zé&<"’]{1,8}){0,2}$/);
const written: fc.Arbitrary<Written> = fc.record({
  kind: fc.constantFrom('paragraph', 'link', 'gallery', 'footnote', 'search', 'embed', 'list', 'code', 'table'),
  text: words,
  place: fc.stringMatching(/^[a-z]{1,8}$/),
});

function encoded(text: string, { encoding }: Noise): string {
  return text.replaceAll(/[é&<"’]/g, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    const isMarkup = letter === '&' || letter === '<' || letter === '"';
    if (encoding === 'decimal') return `&#${code};`;
    if (encoding === 'hexadecimal') return `&#x${code.toString(16).toUpperCase()};`;
    const name = { é: '&eacute;', '&': '&amp;', '<': '&lt;', '"': '&quot;', '’': '&rsquo;' }[letter] ?? letter;
    return encoding === 'named' || isMarkup ? name : letter;
  });
}

function attributes(pairs: readonly string[], { isSwapped }: Noise): string {
  return (isSwapped ? [...pairs].reverse() : pairs).join(' ');
}

/** As WordPress and its like render it: the same words each time. */
function rendered({ kind, text, place }: Written, made: Noise, index: number): string {
  const { number, word, space } = made;
  const [said, id] = [encoded(text, made), `${word}-${number}-${index}`];
  const own = [`id="${id}"`, `class="wp-elements-${number} is-layout-${word}"`, `data-wp-key="${word}"`];
  switch (kind) {
    case 'paragraph':
      return `<p ${attributes(own, made)}>${space}${said} <em>${place}</em>${space}</p>${space}`;
    case 'link':
      return `<p>${said} <a ${attributes([`href="https://example.org/${place}?a=1&amp;_wpnonce=${word}"`, ...own], made)}>${place}</a></p>`;
    case 'gallery':
      return `<figure ${attributes(own, made)}>${space}<img ${attributes([`src="https://example.org/${place}.jpg"`, `alt="${said}"`, 'width="600"', 'height="400"', `data-id="${number}"`], made)}>${space}<figcaption>${said}</figcaption></figure>`;
    case 'footnote':
      return `<p>${said}<sup><a ${attributes([`href="#${id}"`, `title="${place}"`], made)}>1</a></sup></p><ol><li id="${id}">${place}</li></ol>`;
    case 'search':
      return `<form role="search" id="${id}"><label for="${id}-input">${said}</label><input id="${id}-input" name="s" value="${number}"><input type="hidden" name="nonce" value="${word}"></form><p>${place}</p>`;
    case 'embed':
      return `<blockquote data-secret="${word}"><a href="https://example.org/${place}">${said}</a></blockquote><iframe ${attributes([`src="https://example.org/${place}/embed/#?secret=${word}"`, `data-secret="${word}"`, 'title="post"'], made)}></iframe>`;
    case 'list':
      return `<ul ${attributes(own, made)}>${space}<li>${said}</li>${space}<li>${place}</li>${space}</ul>`;
    case 'code':
      return `<pre ${attributes(own, made)}><code>${said}\n  ${place}</code></pre>`;
    case 'table':
      return `<table ${attributes(own, made)}>${space}<tr>${space}<td>${said}</td><td>${place}</td></tr></table>`;
  }
}

const pageOf = (parts: readonly Written[], made: Noise): string =>
  parts.map((part, index) => rendered(part, made, index)).join(made.space);

test('a version that was stored with firstCreated as its publication time looks the same to readers', () => {
  const date = '2026-04-01T09:00:00.000Z';
  expect(viewOf({ article: story({ firstPublished: date }) })).toBe(viewOf({ article: story({ firstCreated: date }) }));
});

describe('markup that a CMS renders anew for each request', () => {
  test('looks the same to readers, with any ids, nonces, counters, encodings, spaces and order of attributes', () => {
    fc.assert(
      fc.property(fc.array(written, { minLength: 1, maxLength: 6 }), noise, noise, (parts, once, again) => {
        expect(withBody(pageOf(parts, again))).toBe(withBody(pageOf(parts, once)));
      }),
      { numRuns: 300 },
    );
  });

  test('looks different with another word or another address', () => {
    const change = fc.record({
      at: fc.nat(),
      field: fc.constantFrom('text', 'place'),
      by: fc.stringMatching(/^[a-z]{1,3}$/),
    });
    fc.assert(
      fc.property(
        fc.array(written, { minLength: 1, maxLength: 6 }),
        change,
        noise,
        noise,
        (parts, { at, field, by }, once, again) => {
          const changed = parts.map((part, index) =>
            index === at % parts.length ? { ...part, [field]: `${by}${part[field]}` } : part,
          );
          expect(withBody(pageOf(changed, again))).not.toBe(withBody(pageOf(parts, once)));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('looks different with its parts in another order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(written, { minLength: 2, maxLength: 4, selector: ({ place }) => place }),
        noise,
        (parts, made) => {
          expect(withBody(pageOf([...parts].reverse(), made))).not.toBe(withBody(pageOf(parts, made)));
        },
      ),
    );
  });

  test.each<[string, string, string]>([
    ['a line end within preformatted text', '<pre>a\nb</pre>', '<pre>a b</pre>'],
    ['a space between two words', '<p><em>a</em> <em>b</em></p>', '<p><em>a</em><em>b</em></p>'],
    ['emphasis', '<p>a</p>', '<p><em>a</em></p>'],
    [
      'the parameter of a link',
      '<p><a href="https://example.org/?a=1">a</a></p>',
      '<p><a href="https://example.org/?a=2">a</a></p>',
    ],
    [
      'the text of a picture',
      '<p><img src="https://example.org/a.jpg" alt="a"></p>',
      '<p><img src="https://example.org/a.jpg" alt="b"></p>',
    ],
    ['the language', '<p lang="fr">a</p>', '<p lang="en">a</p>'],
  ])('%s is a difference', (_what, before, after) => {
    expect(withBody(after)).not.toBe(withBody(before));
  });

  test.each<[string, string, string]>([
    [
      'a character reference left out',
      '<p><a href="https://example.org/a?x=1&amp;y=2#z">a</a></p>',
      '<p><a href="https://example.org/a?x=1&y=2#z">a</a></p>',
    ],
    [
      'the slash after a host',
      '<p><a href="https://example.org">a</a></p>',
      '<p><a href="https://example.org/">a</a></p>',
    ],
    [
      'an unquoted attribute',
      '<p><img src=https://example.org/a.jpg alt=a></p>',
      '<p><img alt="a" src="https://example.org/a.jpg"/></p>',
    ],
  ])('%s is no difference', (_what, before, after) => {
    expect(withBody(after)).toBe(withBody(before));
  });
});

describe('fields that decide whether and where readers see a story', () => {
  const article = story();
  const view = viewOf({ article, path: '/a' });

  test.each<[string, Record<string, unknown>]>([
    ['headline', { article: story({ headlines: [{ role: 'main', value: 'Another' }] }), path: '/a' }],
    ['section', { article: story({ subjects: [{ rel: 'section', literal: 'sport', name: 'Sport' }] }), path: '/a' }],
    ['embargo ahead', { article: story({ embargoedUntil: '2026-05-01T13:00:00Z' }), path: '/a' }],
    ['expiry', { article: story({ expires: '2026-05-02T12:00:00Z' }), path: '/a' }],
    ['path', { article, path: '/b' }],
  ])('another %s is a difference', (_what, detail) => {
    expect(viewOf(detail)).not.toBe(view);
  });

  test('an embargo that has passed is no difference', () => {
    const embargoed = { article: story({ embargoedUntil: '2026-05-01T13:00:00Z' }), path: '/a' };
    expect(viewOf(embargoed, Date.parse('2026-05-01T13:00:00Z'))).toBe(view);
  });

  test('the time and kind of the change are no difference', () => {
    expect(
      viewOf(
        { article: story({ versionCreated: '2026-05-01T12:01:00Z' }), path: '/a', revision: 3 },
        noon,
        'article.updated',
      ),
    ).toBe(view);
  });

  test('all withdrawals look the same', () => {
    const { uri, versionCreated } = article;
    const gone = ['article.unpublished', 'article.deleted'].map((event) =>
      viewOf({ article: { uri, versionCreated } }, noon, event),
    );
    expect(new Set([...gone, view]).size).toBe(2);
  });
});
