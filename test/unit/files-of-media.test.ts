import { describe, expect, test } from '@jest/globals';
import { accept } from '../../shared/article/accept.ts';
import { articleIdOf, type Article, type Association } from '../../shared/article/article.ts';
import { cardOf } from '../../shared/article/card.ts';
import { readableAt } from '../../shared/article/readable.ts';
import { sanitise } from '../../shared/article/sanitise.ts';
import { articleWithout, pictureIdNamed, pictureIdsOf } from '../../shared/picture/picture.ts';
import { cardWithout } from '../../shared/picture/pulled-pictures.ts';
import { busEvent, noon, story } from './story.ts';

const file = 'https://media.example/secret';
const renditions = ['mp4', 'mp3', 'jpg'].map((ending) => ({ href: `${file}.${ending}` }));
const textOf = ({ bodies = [] }: Article): string | undefined => bodies[0]?.value;

test.each([
  ['wordpress', 'bridge-300x200.jpg', 'bridge-1024x683.jpg'],
  ['wordpress, the largest', 'bridge-scaled.jpg', 'bridge-300x200.jpg'],
  ['a query', 'bridge.jpg?w=300', 'bridge.jpg?w=900'],
  ['ghost', 'images/size/w600/2026/bridge.jpg', 'images/2026/bridge.jpg'],
  ['strapi', 'uploads/thumbnail_bridge_1.jpg', 'uploads/large_bridge_1.jpg'],
])(
  'a picture that is pulled by the address of one size is removed in all sizes, over HTTP too: %s',
  (_, pulled, other) => {
    const ids = new Set([pictureIdNamed(`http://media.example/${pulled}`)]);
    const href = `https://media.example/${other}`;
    const given = story({
      associations: [{ type: 'picture', uri: 'urn:bridge', renditions: [{ href: `${file}.jpg` }, { href }] }],
      bodies: [{ contentType: 'text/html', value: `<p>a</p><img src="${href}">` }],
    });
    expect(articleWithout(given, { ids })).toMatchObject({ associations: [], bodies: [{ value: '<p>a</p>' }] });
    for (const id of ids) expect(pictureIdsOf(given)).toContain(id);
    const card = cardOf(
      { ...given, associations: [{ type: 'picture', uri: 'urn:b', renditions: [{ href }] }] },
      '/a',
      noon,
    );
    expect(card.picture).toBeDefined();
    expect(cardWithout(card, { seq: 1, ids }).picture).toBeUndefined();
  },
);

const leftOut: [string, Association, ReadonlySet<string>?][] = [
  ['embargoed', { embargoedUntil: new Date(noon + 60_000).toISOString() }],
  ['expired', { expires: new Date(noon).toISOString() }],
  ['withheld', { pubStatus: 'withheld' }],
  ['canceled', { pubStatus: 'canceled' }],
  ['pulled', {}, new Set([articleIdOf('urn:media')])],
];

describe.each(leftOut)('the file of an association that is %s', (_, said, ids) => {
  const shown = (article: Article): Article =>
    articleWithout(readableAt(article, noon).article, { ids: ids ?? new Set() });

  test.each([
    ['an image', `<p>a</p><img src="${file}.jpg"><p>b</p>`, '<p>a</p><p></p><p>b</p>'],
    ['an image over HTTP', `<p>a<img src="http://u@media.example/secret.jpg"></p>`, '<p>a</p>'],
    ['a link', `<p>a <a href="${file}.mp4">see</a> b</p>`, '<p>a  b</p>'],
    ['a link around its image', `<p>a</p><a href="${file}.jpg"><img src="${file}.jpg"></a>`, '<p>a</p><p></p>'],
    [
      'a link around another size, as WordPress writes it',
      `<p>a</p><figure><a href="${file}.jpg"><img src="${file}-300x200.jpg"></a><figcaption>Caption</figcaption></figure>`,
      '<p>a</p>',
    ],
    ['another size alone', `<p>a</p><p><img src="${file}-1024x683.jpg?x=1">b</p>`, '<p>a</p><p>b</p>'],
    [
      'a link around a thumbnail',
      `<p>a<a href="${file}.jpg"><img src="https://media.example/t.jpg"></a></p>`,
      '<p>a</p>',
    ],
    ['a video', `<p>a</p><video src="${file}.mp4" poster="${file}.jpg"></video>`, '<p>a</p><p></p>'],
    [
      'a video with its caption',
      `<p>a</p><figure><video><source src="${file}.mp4"></video><figcaption>Caption</figcaption></figure>`,
      '<p>a</p>',
    ],
    ['a video with a title', `<p>a<video src="${file}.mp4" title="Secret"></video></p>`, '<p>a</p>'],
    [
      'a video within a link',
      `<p>a<a href="https://x.example/"><video src="${file}.mp4"></video>b</a></p>`,
      '<p>a<a href="https://x.example/">  b</a></p>',
    ],
    ['audio', `<p>a<audio src="${file}.mp3"></audio></p>`, '<p>a</p>'],
    ['a link to a download', `<p>a<a href="${file}.mp4?dl=1">see</a></p>`, '<p>a</p>'],
    ['an address in a sentence', `<p>See (${file}.mp4).</p>`, '<p>See ().</p>'],
    ['an address before a space that does not break', `<p>See ${file}.mp4&nbsp;now</p>`, '<p>See &nbsp;now</p>'],
    ['a frame', `<p>a<iframe src="${file}.mp4"></iframe></p>`, '<p>a</p>'],
    ['an object', `<p>a<object data="${file}.mp4"></object></p>`, '<p>a</p>'],
    ['a quotation', `<blockquote cite="${file}.mp4">said</blockquote>`, '<blockquote>said</blockquote>'],
    [
      'an outer figure',
      `<p>a</p><figure><figure><img src="https://x.example/k.jpg"></figure><img src="${file}.jpg"><figcaption>Caption</figcaption></figure>`,
      '<p>a</p>',
    ],
  ])('is removed from the text in the form %s', (__, html, expected) => {
    const value = sanitise(html);
    const bodies = [{ contentType: 'text/html', value }];
    const item: Association = { uri: 'urn:media', type: 'video', ...said, renditions };
    expect(textOf(shown(story({ bodies, associations: [item] })))).toBe(expected);
    expect(textOf(shown(story({ bodies, associations: [{ ...item, renditions: [] }] })))).toBe(value);
  });

  test('is neither a video’s poster nor the article’s audio', () => {
    const own = { href: 'https://media.example/v.mp4', contentType: 'video/mp4' };
    const video: Association = { uri: 'urn:v', type: 'video', renditions: [own, { href: `${file}.jpg` }] };
    const item: Association = { uri: 'urn:media', type: 'picture', ...said, renditions };
    const article = shown(story({ associations: [video, item], renditions: [{ href: `${file}.mp3` }] }));
    expect(article.associations).toEqual([{ ...video, renditions: [own] }]);
    expect(article.renditions).toEqual([]);
  });
});

test.each([
  ['a poster', { associations: [{ type: 'video', uri: 'urn:v', renditions: [{ href: `${file}.jpg` }] }] }],
  ['a link', { bodies: [{ contentType: 'text/html', value: `<p><a href="${file}.jpg">see</a></p>` }] }],
  ['another size', { bodies: [{ contentType: 'text/html', value: `<img src="${file}-300x200.jpg">` }] }],
])('%s of a picture that is pulled by its address is removed, and the page is purged', (_, given) => {
  const article = story({ associations: [], ...given });
  const id = articleIdOf(`${file}.jpg`);
  expect(pictureIdsOf(article)).toContain(id);
  expect(JSON.stringify(articleWithout(article, { ids: new Set([id]) }))).not.toContain('secret');
});

test('a link to another page needs no purge when a picture is pulled', () => {
  const value = '<p><a href="https://x.example/page">see</a></p>';
  expect(pictureIdsOf(story({ associations: [], bodies: [{ contentType: 'text/html', value }] }))).toEqual([]);
});

test('plain text that is made from HTML has no words of an embargoed file', () => {
  const href = 'https://media.example/secret.mp4';
  const hidden = `<figure><video src="${href}"></video><figcaption>secret</figcaption></figure>`;
  const accepted = accept(
    busEvent('article.published', {
      article: story({
        headlines: [{ contentType: 'text/html', value: `Bridge <a href="${href}">secret</a>` }],
        descriptions: [{ role: 'summary', contentType: 'text/html', value: `<p>Seen.</p>${hidden}` }],
        bodies: [
          { role: 'lead', contentType: 'text/html', value: `<p>Crossed.</p>${hidden}` },
          { role: 'main', contentType: 'text/html', value: `<p>Open.</p>${hidden}` },
        ],
        associations: [{ type: 'video', embargoedUntil: '2026-05-02T12:00:00Z', renditions: [{ href }] }],
      }),
    }),
    'delivery',
  );
  if (accepted.kind !== 'version') throw new Error(accepted.kind);
  const { headlines, descriptions, bodies } = readableAt(accepted.version.content.article, noon).article;
  expect(JSON.stringify({ headlines, descriptions, bodies })).not.toContain('secret');
  expect(descriptions?.map(({ value }) => value)).toEqual(['Seen.']);
});
