import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { acceptTheme } from '../../shared/site/theme-schema.ts';
import { contrastOf, railsFront, railsFronts, sectionTitle, wordsOf, type Theme } from '../../shared/site/theme.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { theme } from './newspaper.ts';
import { story } from './story.ts';

const second = 'test/fixtures/abendblatt.json';

const issuesOf = (given: unknown): readonly string[] => {
  const accepted = acceptTheme(given);
  return 'issues' in accepted ? accepted.issues : [];
};

test('contrast is computed as WCAG 2.2 defines it', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrastOf('#ffffff', '#ffffff')).toBe(1);
  // The lightest grey on white that passes AA, and the next one.
  expect(contrastOf('#767676', '#ffffff')).toBeGreaterThanOrEqual(4.5);
  expect(contrastOf('#777777', '#ffffff')).toBeLessThan(4.5);
});

test('Pressrun’s own theme, that of the tests and that of a second newspaper are valid', () => {
  for (const file of ['infra/theme.json', second]) expect(issuesOf(JSON.parse(readFileSync(file, 'utf8')))).toEqual([]);
  expect(acceptTheme(theme)).toEqual({ theme });
});

describe('an invalid theme names its field and what to do', () => {
  const { light } = theme.colours;
  test.each<[string, object, string]>([
    ['a name', { name: ' ' }, 'name must not be empty'],
    ['a zone', { timeZone: 'London' }, 'timeZone must be a zone such as Europe/London (IANA)'],
    ['a language', { language: 'English' }, 'language must be a language such as en-GB or pt-BR (BCP 47)'],
    [
      'a colour',
      { colours: { ...theme.colours, light: { ...light, text: 'black' } } },
      'colours.light.text must be a colour such as #1a2b3c',
    ],
    [
      'a contrast',
      { colours: { ...theme.colours, light: { ...light, muted: '#999999' } } },
      'colours.light.muted must have a contrast to background of at least 4.5 to 1 (WCAG AA); it has 2.85',
    ],
    [
      'a section',
      { sections: [{ path: 'News', title: 'News' }] },
      'sections.0.path must be a section as a slash path in lower case, such as news/world',
    ],
    ['a section twice', { sections: [...theme.sections, ...theme.sections] }, 'sections must name every section once'],
    [
      'a logo',
      { logo: { href: 'http://x.example/l.svg', width: 1, height: 1 } },
      'logo.href must be an https URL, or a path of the site such as /assets/logo.svg',
    ],
    ...['https://a.example/"><script>', '/l.svg\r\nx-forged: 1', '/a b.svg', '/<l>.svg', '/\u00fc.svg'].map(
      (href): [string, object, string] => [
        `a logo at ${JSON.stringify(href)}`,
        { logo: { href, width: 1, height: 1 } },
        'logo.href must be a URL in ASCII, without spaces, quotes or angle brackets: percent-encode them',
      ],
    ),
    [
      'a logo at a host of another site',
      { logo: { href: '/\\evil.example/l.svg', width: 1, height: 1 } },
      'logo.href must be an https URL, or a path of the site such as /assets/logo.svg',
    ],
    ...['https://hub.example/>; rel=self', 'https://hub.example/"x', 'https://hub.example/\r\nx-forged: 1'].map(
      (hub): [string, object, string] => [
        `a hub at ${JSON.stringify(hub)}`,
        { hub },
        'hub must be a URL in ASCII, without spaces, quotes or angle brackets: percent-encode them',
      ],
    ),
    ['a logo without its size', { logo: { href: '/l.svg', width: 1 } }, 'logo.height is missing'],
    [
      'a layout',
      { rails: { front: 'article', layouts: { Top: 'grid' } } },
      'rails.layouts.Top must be pictures or headlines',
    ],
    [
      'a front',
      { rails: { front: 'Article' } },
      'rails.front must be the name of a front: lower-case letters, digits and hyphens, at most 64',
    ],
    ['a word', { words: { lates: 'x' } }, 'words.lates is not a field of a theme: leave it out (did you mean latest?)'],
    [
      'a field misspelt',
      { colors: theme.colours },
      'colors is not a field of a theme: leave it out (did you mean colours?)',
    ],
    ['a field', { tagline: 'x' }, 'tagline is not a field of a theme: leave it out'],
    ['feeds', { feeds: { text: 'all' } }, 'feeds.text must be full or summary'],
  ])('%s', (_, wrong, issue) => {
    expect(issuesOf({ ...theme, ...wrong })).toEqual([issue]);
  });

  test('and its size if it is too large', () => {
    const sections = Array.from({ length: 20 }, (_, n) => ({ path: `s${n}`, title: 'x'.repeat(150) }));
    expect(issuesOf({ ...theme, sections })[0]).toMatch(/^is \d+ bytes without its spaces, but at most 3072/);
  });

  test('and all fields at once, also if it is no object', () => {
    expect(issuesOf({ ...theme, name: 7, timeZone: 'Nowhere' })).toHaveLength(2);
    expect(issuesOf([])).not.toEqual([]);
    expect(issuesOf('theme')).toEqual(['must be an object']);
  });
});

test('the front below an article is its section’s, else that of the section above, else the default', () => {
  const rails: Theme = { ...theme, rails: { front: 'article', sections: { news: 'n', 'news/royals': 'r' } } };
  expect(
    ['news/royals', 'news/royals/young', 'news/world', 'sport', undefined].map((section) => railsFront(rails, section)),
  ).toEqual(['r', 'r', 'n', 'article', 'article']);
  expect(railsFronts(rails)).toEqual(['article', 'n', 'r']);
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
  'a section called %s is treated like any other',
  (section) => {
    const rails: Theme = { ...theme, rails: { front: 'article', sections: { news: 'n' } } };
    expect([railsFront(rails, section), railsFront(rails, `news/${section}`)]).toEqual(['article', 'n']);
  },
);

test('a second newspaper needs only a second theme file', async () => {
  const accepted = acceptTheme(JSON.parse(readFileSync(second, 'utf8')));
  if ('issues' in accepted) throw new Error(accepted.issues.join());
  const pipeline = new Pipeline(undefined, accepted.theme);
  await pipeline.send('article.published', { article: story({ language: 'de' }), path: '/p' });
  const { body } = await pipeline.see('/p');
  for (const said of [
    '<html lang="de">',
    'alt="Abendblatt Vessland" width="240" height="48"',
    'href="/section/news/local" aria-current="true">Aus der Stadt',
    'data-front="/fronts/unten.fragment.html"',
    '1. Mai 2026 um 14:00 MESZ',
    '--accent:#00566b',
  ])
    expect(body).toContain(said);
  expect(wordsOf(accepted.theme)).toMatchObject({ latest: 'Neueste', older: 'Older stories' });
  expect((await pipeline.see('/latest')).body).toContain('<h1>Neueste</h1>');
  expect((await pipeline.see('/sitemap-news.xml')).body).toContain(
    '<news:name>Abendblatt Vessland</news:name><news:language>de</news:language>',
  );
  expect((await pipeline.see('/fronts/hof.fragment.html')).status).toBe(200);
  expect((await pipeline.see('/fronts/article.fragment.html')).status).toBe(404);
});

test('a section has the name of the theme, and none if the theme has none', () => {
  const named = {
    ...theme,
    sections: [
      { path: 'news', title: 'News' },
      { path: 'news/world', title: 'The World' },
    ],
  };
  expect(['news', 'news/world', 'world', ''].map((path) => sectionTitle(named, path))).toEqual([
    'News',
    'The World',
    undefined,
    undefined,
  ]);
});

test('the contrast of dark colours is that of WCAG', () => {
  expect(contrastOf('#0a0a0a', '#000000')).toBeCloseTo(1.0607, 3);
  expect(contrastOf('#202020', '#0a0a0a')).toBeCloseTo(1.2154, 3);
});
