import { describe, expect, test } from '@jest/globals';
import {
  base32,
  correctionOf,
  headlineOf,
  isCorrection,
  isHtml,
  isPlain,
  lineOf,
  relatedUris,
  sectionsOf,
  standfirstOf,
  type Article,
} from '../../shared/article/article.ts';
import { altOf, audioOf, captionOf, picturesOf, renditionsOf, playableOf } from '../../shared/article/media.ts';
import { authorsOf, bylineOf, cardBylineOf, isAgency } from '../../shared/article/byline.ts';

const article = (more: Partial<Article> = {}): Article => ({
  uri: 'urn:x',
  versionCreated: '2026-05-01T12:00:00.000Z',
  ...more,
});

test.each([
  ['', ''],
  ['f', 'my'],
  ['fo', 'mzxq'],
  ['foo', 'mzxw6'],
  ['foob', 'mzxw6yq'],
  ['fooba', 'mzxw6ytb'],
  ['foobar', 'mzxw6ytboi'],
])('base32 of %j is %j (RFC 4648 §10, without padding, in lower case)', (text, encoded) => {
  // The padding of the last character is left out: only whole characters name an article.
  expect(encoded.startsWith(base32(Buffer.from(text)))).toBe(true);
  expect(base32(Buffer.from(text))).toHaveLength(Math.floor((text.length * 8) / 5));
});

describe('texts', () => {
  test('the headline is the one of role main, else the first, else the title', () => {
    expect(headlineOf({ headlines: [{ value: 'a' }, { role: 'main', value: 'b' }], title: 'c' })).toBe('b');
    expect(headlineOf({ headlines: [{ role: 'short', value: 'a' }, { value: 'b' }], title: 'c' })).toBe('a');
    expect(headlineOf({ headlines: [], title: 'c' })).toBe('c');
    expect(headlineOf({})).toBeUndefined();
  });

  test('a line is a text without control characters and repeated white space', () => {
    expect(lineOf(' a \r\n\t b\u0000\u0085c ')).toBe('a b c');
  });

  test.each<[string | undefined, string]>([
    ['standfirst', 'standfirst'],
    ['summary', 'summary'],
    ['main', 'main'],
    ['text', 'text'],
    ['excerpt', 'excerpt'],
    [undefined, 'of no role'],
  ])('the standfirst is the description whose role ranks highest, trimmed: %s', (role, value) => {
    const roles = ['caption', undefined, 'excerpt', 'text', 'main', 'summary', 'standfirst'];
    const descriptions = roles
      .slice(0, roles.indexOf(role) + 1)
      .map((other) => ({ role: other, value: ` ${other ?? 'of no role'} ` }));
    expect(standfirstOf(article({ descriptions }))).toBe(value);
  });

  test('a caption, a note or HTML is never the standfirst', () => {
    expect(
      standfirstOf(
        article({
          descriptions: [
            { role: 'caption', value: 'x' },
            { role: 'standfirst', contentType: 'text/html', value: '<p>x</p>' },
            { value: '<p>x</p>' },
          ],
        }),
      ),
    ).toBeUndefined();
    expect(standfirstOf(article())).toBeUndefined();
  });

  test.each<[boolean, boolean, { contentType?: string; role?: string; value: string }]>([
    [true, false, { contentType: 'text/html', value: 'x' }],
    [true, false, { contentType: 'TEXT/HTML; charset=utf-8', value: 'x' }],
    [true, false, { contentType: 'application/xhtml+xml', value: 'x' }],
    [false, false, { contentType: 'application/text/html', value: '<p>' }],
    [false, false, { contentType: 'text/htmlish', value: '<p>' }],
    [false, true, { contentType: 'text/plain', role: 'html', value: '<p>x</p>' }],
    [false, true, { contentType: 'TEXT/PLAIN; charset=utf-8', value: 'x' }],
    [false, false, { contentType: 'x-text/plain', value: 'x' }],
    [false, false, { contentType: 'application/rtf', value: 'x' }],
    [true, false, { role: 'body-HTML5', value: 'x' }],
    [true, false, { value: ' \n<P>x' }],
    [true, false, { value: '<!doctype html>' }],
    [false, true, { value: 'a <p>x</p>' }],
    [false, true, { value: '< 3' }],
    [false, true, { value: '<3' }],
    [false, true, { value: 'x' }],
  ])('HTML %s, plain %s: %j', (html, plain, text) => {
    expect([isHtml(text), isPlain(text)]).toEqual([html, plain]);
  });
});

test.each<[type: string, href: string, contentType: string | undefined, played: string | undefined]>([
  ['video', 'https://m.example/v.MP4?x=1', undefined, 'video/mp4'],
  ['audio', 'https://m.example/a.mp3', undefined, 'audio/mpeg'],
  ['audio', 'https://m.example/a', 'Audio/MPEG', 'Audio/MPEG'],
  ['video', 'https://m.example/a.mp3', undefined, undefined],
  ['video', 'https://m.example/v.mp4', 'application/octet-stream', undefined],
  ['video', 'https://youtu.be/dQw4w9WgXcQ', undefined, undefined],
])('of the %s %s (%s) browsers play %s', (type, href, contentType, played) => {
  const found = playableOf({ type, renditions: [{ href, ...(contentType !== undefined && { contentType }) }] });
  expect(found.map((each) => each.contentType)).toEqual(played === undefined ? [] : [played]);
});

describe('authors', () => {
  test.each([
    ['By Ada Marlow', ['Ada Marlow']],
    ['by Ada Marlow and Jon Bright, Harbour Press', ['Ada Marlow', 'Jon Bright']],
    ['Von Ada Marlow und Jon Bright', ['Ada Marlow', 'Jon Bright']],
    ['Av Ada Marlow og Jon Bright', ['Ada Marlow', 'Jon Bright']],
    ['Par Ada Marlow et Jon Bright', ['Ada Marlow', 'Jon Bright']],
    ['Ada Marlow & Jon Bright', ['Ada Marlow', 'Jon Bright']],
    ['Ada Marlow;Jon Bright ; Mia Stone', ['Ada Marlow', 'Jon Bright', 'Mia Stone']],
    ['Byron Andersen', ['Byron Andersen']],
    ['Ada By Marlow', ['Ada By Marlow']],
    ['Ada\nMarlow, Harbour\nPress', ['Ada Marlow']],
    ['; Ada', ['Ada']],
    ['By Ada Marlow, Jon Bright and Åsa Öberg', ['Ada Marlow', 'Jon Bright', 'Åsa Öberg']],
    ['By Ada Marlow, Jon Bright, and Åsa Öberg', ['Ada Marlow', 'Jon Bright', 'Åsa Öberg']],
    ['By: Ada Marlow in Kyiv and Jon Bright in New York', ['Ada Marlow', 'Jon Bright']],
    ['By Ada Marlow in Kyiv; with Reuters', ['Ada Marlow', 'Reuters']],
    ['Ada Marlow with Jon Bright', ['Ada Marlow', 'Jon Bright']],
    ['Ada Marlow med Jon Bright', ['Ada Marlow', 'Jon Bright']],
    ['Ada Marlow, Political Editor', ['Ada Marlow']],
    ['Ada Marlow, Political Editor, and Jon Bright', ['Ada Marlow', 'Jon Bright']],
    ['Ada Marlow (ada@example.com) and Jon Bright <jon@example.com>', ['Ada Marlow', 'Jon Bright']],
    ['Ada Marlow and agencies', ['Ada Marlow']],
    ['Reuters', ['Reuters']],
    ['Ina Inman', ['Ina Inman']],
    ['Inside Desk', ['Inside Desk']],
    ['Anders Andersen', ['Anders Andersen']],
    ['By Ada Marlow, Health and Science Editor, and Jon Bright, Reporter', ['Ada Marlow', 'Jon Bright']],
    ['By Ada Marlow, Jon Bright and Åsa Öberg, The Harbour', ['Ada Marlow', 'Jon Bright', 'Åsa Öberg']],
    ['By Ada King, Jr. and Jon Bright', ['Ada King, Jr.', 'Jon Bright']],
    ['By Ada King, Sr., Jon Bright and Mia Stone, MP', ['Ada King, Sr.', 'Jon Bright', 'Mia Stone']],
    ['By Ada Marlow; additional reporting by Jon Bright', ['Ada Marlow', 'Jon Bright']],
    ['Written by Ada Marlow. Photos by Mia Stone', ['Ada Marlow']],
    ['Text: Ada Marlow, Fotos: Mia Stone', ['Ada Marlow']],
    ['Ada Marlow/Reuters', ['Ada Marlow', 'Reuters']],
    ['Ada Marlow, Reuters', ['Ada Marlow']],
    ['AFP, Reuters', ['AFP', 'Reuters']],
    ['Ада Марлоу и Јован Јовић', ['Ада Марлоу', 'Јован Јовић']],
    ['作者：王小明、李雷', ['王小明', '李雷']],
    ['By ada@example.com', []],
    ['By', []],
    [', Harbour Press', []],
    ['', []],
  ])('of %j are %j', (by, names) => {
    expect(authorsOf({ by })).toEqual(names);
  });

  test.each([
    ['Reuters', true],
    ['DPA', true],
    ['Ada Marlow', false],
    ['Harbour Press', false],
  ])('%s is an agency: %s', (name, is) => {
    expect(isAgency(name)).toBe(is);
    expect(isAgency(name, ['harbour press'])).toBe(is || name === 'Harbour Press');
  });

  test('are the names of people with that rel, if there are any', () => {
    const people = [{ name: 'Ada Marlow', rel: 'author' }, { name: 'Greta Hammar', rel: 'about' }, { rel: 'author' }];
    expect(authorsOf({ by: 'By Jon Bright', people })).toEqual(['Ada Marlow']);
    expect(authorsOf({ by: 'By Jon Bright', people: people.slice(1, 2) })).toEqual(['Jon Bright']);
    expect(authorsOf({})).toEqual([]);
  });

  test.each<[names: string[], language: string | undefined, by: string]>([
    [['Ada', 'Jon'], undefined, 'Ada and Jon'],
    [['Ada', 'Jon', 'Mia'], 'de', 'Ada, Jon und Mia'],
    [['Ada', 'Jon'], 'tr', 'Ada; Jon'],
    [['Ada', 'Bright & Stone'], 'english', 'Ada; Bright & Stone'],
  ])('of people %j make the byline in %s if the desk wrote none: %s', (names, language, by) => {
    const people = names.map((name) => ({ name, rel: 'author' }));
    expect(bylineOf(article({ people, language }))).toBe(by);
    expect(bylineOf(article({ people, by: ' By  Staff ' }))).toBe('By Staff');
    expect(cardBylineOf(article({ people, language, by: 'By Staff' }))).toBe(by);
  });

  test('of people leave the byline as it is on cards if it names them', () => {
    const people = [{ name: 'Ada Marlow', rel: 'author' }];
    expect(cardBylineOf(article({ people, by: 'By Ada Marlow, Political Editor' }))).toBe(
      'By Ada Marlow, Political Editor',
    );
    expect(cardBylineOf(article({ by: 'By Staff' }))).toBe('By Staff');
    expect(cardBylineOf(article())).toBeUndefined();
    expect(bylineOf(article({ by: ' ' }))).toBeUndefined();
    expect(bylineOf(article())).toBeUndefined();
  });
});

describe('pictures', () => {
  const href = (name: string): string => `https://pictures.example.com/${name}`;

  test('are the associations of that type that have a rendition, in the desk’s order', () => {
    const rendition = [{ href: href('a') }];
    const associations = [
      { type: 'picture', name: '1', renditions: rendition },
      { type: 'video', name: '2', renditions: rendition },
      { type: 'picture', name: '3' },
      { type: 'picture', name: '4', renditions: [{}] },
      { type: 'picture', name: '5', renditions: rendition },
    ];
    expect(picturesOf(article({ associations })).map(({ name }) => name)).toEqual(['1', '5']);
    expect(picturesOf(article())).toEqual([]);
  });

  test('have the renditions that a browser can show, sorted by width, those without a width first', () => {
    const renditions = [
      { href: href('b'), width: 600, contentType: 'image/jpeg' },
      { href: href('c'), contentType: 'video/mp4' },
      { width: 10 },
      { href: href('d'), width: 300, contentType: 'IMAGE/PNG' },
      { href: href('e'), contentType: 'x-image/png' },
      { href: href('f') },
    ];
    expect(renditionsOf({ renditions }).map((rendition) => rendition.href)).toEqual([href('f'), href('d'), href('b')]);
    expect(renditionsOf({})).toEqual([]);
  });

  test('have as caption the plain description of role caption, else of role text, else the first', () => {
    const html = { contentType: 'text/html', role: 'caption', value: '<p>x</p>' };
    expect(
      captionOf({
        descriptions: [html, { value: 'a' }, { role: 'text', value: 'b' }, { role: 'caption', value: ' c ' }],
      }),
    ).toBe('c');
    expect(captionOf({ descriptions: [html, { value: 'a' }, { role: 'text', value: ' b ' }] })).toBe('b');
    expect(captionOf({ descriptions: [html, { role: 'other', value: ' a ' }] })).toBe('a');
    expect(captionOf({ descriptions: [html] })).toBeUndefined();
    expect(captionOf({})).toBeUndefined();
  });

  test('have as alternative text the headline, else the title', () => {
    expect(altOf({ headlines: [{ value: 'a' }], title: 'b' })).toBe('a');
    expect(altOf({ title: 'b' })).toBe('b');
  });
});

test('sections are the subjects of rel section that have a literal', () => {
  expect(
    sectionsOf(
      article({
        subjects: [
          { rel: 'section', literal: 'a' },
          { rel: 'about', literal: 'b' },
          { rel: 'section' },
          { rel: 'section', literal: 'c/d' },
        ],
      }),
    ),
  ).toEqual(['a', 'c/d']);
  expect(sectionsOf(article())).toEqual([]);
});

describe('a correction', () => {
  test.each<Partial<Article>>([
    { genres: [{ name: 'Explainer' }, { name: 'Correction' }] },
    { genres: [{ literal: 'corrections' }] },
    { trustIndicators: [{ title: 'Corrections' }] },
    { trustIndicators: ['x', null, { role: 'correction' }] },
  ])('is marked by %j', (more) => {
    expect(isCorrection(article(more))).toBe(true);
  });

  test.each<Partial<Article>>([
    {},
    { genres: [{ name: 'No correction' }, { name: 'Corrections policy' }] },
    { trustIndicators: 'correction' },
    { trustIndicators: ['correction'] },
    { subjects: [{ name: 'Correction' }] },
    { genres: [{ uri: 'correction' }] },
  ])('is not marked by %j', (more) => {
    expect(isCorrection(article(more))).toBe(false);
  });
});

test('related stories are associations of type text, each once, without the story itself', () => {
  expect(relatedUris(article())).toEqual([]);
  expect(
    relatedUris(
      article({
        associations: [
          { type: 'text', uri: 'urn:b' },
          { type: 'composite', uri: 'urn:c' },
          { type: 'picture', uri: 'urn:p' },
          { uri: 'urn:q' },
          { type: 'text' },
          { type: 'text', uri: 'urn:x' },
          { type: 'text', uri: 'urn:b' },
        ],
      }),
    ),
  ).toEqual(['urn:b', 'urn:c']);
});

test('the text of a correction is the plain description of role correction', () => {
  const described = (role: string | undefined, contentType?: string): string | undefined =>
    correctionOf(
      article({
        descriptions: [
          { value: 'Not this.' },
          {
            value: ' It was 1921. ',
            ...(role !== undefined && { role }),
            ...(contentType !== undefined && { contentType }),
          },
        ],
      }),
    );
  for (const role of ['correction', 'corrections', 'Correction']) expect(described(role)).toBe('It was 1921.');
  for (const role of [undefined, 'incorrection', 'correctional', 'summary']) expect(described(role)).toBeUndefined();
  expect(described('correction', 'text/html')).toBeUndefined();
  expect(correctionOf(article())).toBeUndefined();
  expect(isCorrection(article({ descriptions: [{ role: 'correction', value: 'It was 1921.' }] }))).toBe(true);
});

test('the audio of a story is its renditions of an audio type', () => {
  const href = 'https://audio.example.com/1.mp3';
  expect(audioOf(article())).toEqual([]);
  expect(
    audioOf(
      article({
        renditions: [
          { href, contentType: 'audio/mpeg' },
          { href, contentType: 'AUDIO/ogg' },
          { href, contentType: 'x-audio/mpeg' },
          { href },
          { contentType: 'audio/mpeg' },
        ],
      }),
    ),
  ).toEqual([
    { href, contentType: 'audio/mpeg' },
    { href, contentType: 'AUDIO/ogg' },
  ]);
});
