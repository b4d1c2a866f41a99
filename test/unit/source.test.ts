import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { hasForeignId, idGrammars } from '../../shared/cms/ids.ts';
import { settingsOf, sourceNamed, sources, type SourceName } from '../../shared/cms/sources.ts';
import { addressOf, bearer, isObject, queryOf, within } from '../../shared/cms/source-api.ts';
import {
  aTime,
  idAs,
  isoOf,
  optionalNumber,
  optionalText,
  optionalTime,
  parsed,
} from '../../shared/cms/payload-schema.ts';
import { revisionBetween } from '../../shared/cms/revision.ts';
import { idIn, noSettings, uriOf } from '../../shared/cms/source-settings.ts';

describe('an id in a uri', () => {
  test('is the one that the uri was made from', () => {
    expect(uriOf('ghost', noSettings, '42')).toBe('ghost:main/42');
    expect(idIn('ghost:main/42', 'ghost', noSettings)).toBe('42');
  });

  test.each(['strapi:main/42', 'ghost:other/42', 'ghost:main42', 'xghost:main/42'])('is absent in %s', (uri) => {
    expect(idIn(uri, 'ghost', noSettings)).toBeUndefined();
  });
});

describe('the revision derived from two times', () => {
  const at = '2026-05-01T12:00:00.000Z';

  test.each<[string | number | null | undefined, number]>([
    ['2026-05-01T12:00:01.500Z', 1500],
    [Date.parse(at) + 7, 7],
    [at, 0],
    ['2026-05-01T11:00:00Z', 0],
    [Date.parse(at) - 1, 0],
    [null, 0],
    [undefined, 0],
    ['soon', 0],
    ['9999-01-01T00:00:00Z', 9_999_999_999],
  ])('%s', (instant, revision) => {
    expect(revisionBetween(at, instant)).toBe(revision);
  });
});

describe('a time in the formats of CMSes', () => {
  test.each([
    ['2026-05-01 18:00:00', '2026-05-01T18:00:00.000Z'],
    ['2026-05-01T18:00', '2026-05-01T18:00:00.000Z'],
    ['2026-05-01T18:00:00.123456+02:00', '2026-05-01T16:00:00.123Z'],
    ['2026-05-01T18:00:00-0530', '2026-05-01T23:30:00.000Z'],
    ['2026-05-01T18:00:00z', '2026-05-01T18:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ])('%s', (time, iso) => {
    expect(isoOf(time)).toBe(iso);
    expect(v.parse(aTime, time)).toBe(iso);
    expect(v.parse(optionalTime, time)).toBe(iso);
  });

  test.each([
    '',
    'tomorrow',
    '2026-05-01',
    '18:00:00',
    '2026-05-01T18',
    '2026-13-01T18:00:00Z',
    '1969-12-31T23:59:59Z',
    'x2026-05-01T18:00:00Z',
    '2026-05-01T18:00:00Zx',
    '12026-05-01T18:00:00Z',
  ])('is rejected: %s', (time) => {
    expect(isoOf(time)).toBeUndefined();
    expect(parsed(aTime, time)).toEqual({
      issues: [{ path: '', message: expect.stringContaining('must be a time') as unknown }],
    });
  });
});

describe('an id', () => {
  const grammars = sources.flatMap(({ name, api }) => (api ? [[name, api.id] as const] : []));
  const grammarOf = (name: string): RegExp => new Map(grammars).get(name) ?? /^never$/;

  test.each<[SourceName, unknown, string]>([
    ['wordpress', '42', '42'],
    ['wordpress', 42, '42'],
    ['ghost', '6b0781ab6260f749fe7ab3b6', '6b0781ab6260f749fe7ab3b6'],
    ['strapi', 'e2xoxz61x9kctjcorbnjymv4', 'e2xoxz61x9kctjcorbnjymv4'],
    ['strapi', 'e2xoxz61x9kctjcorbnjymv4.zh-Hans-CN', 'e2xoxz61x9kctjcorbnjymv4.zh-Hans-CN'],
    ['directus', 7, '7'],
    ['directus', '5f3c.a-b_c', '5f3c.a-b_c'],
    ['directus', 'x'.repeat(100), 'x'.repeat(100)],
  ])('of %s: %s', (name, given, id) => {
    expect(parsed(idAs(grammarOf(name)), given)).toEqual({ value: id });
    expect(hasForeignId(`${name}:main/${id}`)).toBe(false);
  });

  const foreign = [
    '',
    'a b',
    'a/b',
    '../../../admin/users',
    '..',
    '.',
    '1,2',
    "1',title:'a",
    '1]+visibility:[paid',
    '1?key=2',
    '1#',
    '%2e%2e',
    '1\n',
    'x'.repeat(129),
  ];

  test.each(grammars)('of %s has its grammar in shared/cms/ids.ts, where store finds it too', (name, grammar) => {
    expect(idGrammars).toHaveProperty(name, grammar);
  });

  test.each(Object.entries(idGrammars))('of another form is rejected for %s', (name, grammar) => {
    const isAccepted = (given: unknown): boolean => !('issues' in parsed(idAs(grammar), given));
    expect([null, undefined, 1.5, {}, ...foreign].filter(isAccepted)).toEqual([]);
    expect(foreign.filter((given) => !hasForeignId(`${name}:main/${given}`))).toEqual([]);
  });

  test.each([null, undefined, 1.5, {}, ...foreign])('is named as the fault: %j', (given) => {
    expect(parsed(idAs(idGrammars.wordpress), given)).toEqual({
      issues: [{ path: '', message: expect.stringMatching(/^(must be|is missing)/) as unknown }],
    });
  });

  test('may be anything in uris of other sources', () => {
    for (const uri of ['urn:newsroom:../a', 'https://example.org/a/b', 'ghosts:main/../x', 'constructor:main/x'])
      expect(hasForeignId(uri)).toBe(false);
  });
});

describe('an address of a CMS', () => {
  test('keeps the CMS’s own path, and escapes each segment', () => {
    expect(addressOf('https://cms.example.org/blog/', ['wp-json', 'a b/c?d#e%2f'], { filter: "id:['1']&x=y" })).toBe(
      'https://cms.example.org/blog/wp-json/a%20b%2Fc%3Fd%23e%252f?filter=id%3A%5B%271%27%5D%26x%3Dy',
    );
    expect(addressOf('https://cms.example.org', ['posts', ''], { key: undefined })).toBe(
      'https://cms.example.org/posts/',
    );
  });

  test.each(['.', '..'])('is rejected if it leads elsewhere: %s', (step) => {
    expect(() => addressOf('https://cms.example.org', ['posts', step])).toThrow(RangeError);
  });

  test('stays below the API’s path for any segment', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((step) => !/^\.{0,2}$/.test(step) && step.isWellFormed()),
        (step) => {
          const { origin, pathname, search } = new URL(
            addressOf('https://cms.example.org/blog', ['posts', step], { key: step }),
          );
          expect([origin, pathname.split('/').length, new URLSearchParams(search).get('key')]).toEqual([
            'https://cms.example.org',
            4,
            step,
          ]);
          expect(decodeURIComponent(pathname.split('/')[3] ?? '')).toBe(step);
        },
      ),
    );
  });
});

test('an optional field may be absent or null, and nothing else of another type', () => {
  const schema = v.object({ text: optionalText, number: optionalNumber, time: optionalTime });
  expect(parsed(schema, {})).toEqual({ value: {} });
  expect(parsed(schema, { text: null, number: null, time: null })).toEqual({
    value: { text: null, number: null, time: null },
  });
  expect(parsed(schema, { text: 1, number: 'x', time: 'y' }, ['data', 'entry'])).toEqual({
    issues: ['text', 'number', 'time'].map((field) => ({
      path: `data.entry.${field}`,
      message: expect.stringContaining('must be'),
    })),
  });
});

describe('requests to an API', () => {
  test('leave out undefined parameters', () => {
    expect(queryOf({ page: 2, since: undefined, filter: 'a b&c', none: '' })).toBe('page=2&filter=a+b%26c&none=');
  });

  test('have the key if there is one', () => {
    expect(bearer({ key: 'secret' })).toStrictEqual({ authorization: 'Bearer secret' });
    expect(bearer({ key: undefined })).toStrictEqual({});
  });

  test('a field is read within an answer', () => {
    const answer = { data: [{ id: 7, none: null }], text: 'abc' };
    expect(within(answer, 'data', 0, 'id')).toBe(7);
    expect(within(answer)).toBe(answer);
    expect([
      within(answer, 'data', 1, 'id'),
      within(answer, 'data', 0, 'none', 'id'),
      within(answer, 'text', 'length'),
      within(undefined, 'a'),
    ]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('a list and null are not objects', () => {
    expect([{}, { a: 1 }].every(isObject)).toBe(true);
    expect([null, undefined, [], 'text', 7].some(isObject)).toBe(false);
  });
});

test('a newsroom’s settings override the defaults, field by field', () => {
  const ghost = sourceNamed('ghost');
  if (!ghost) throw new Error('no Ghost');
  expect(sourceNamed('nobody')).toBeUndefined();
  for (const source of sources) expect(sourceNamed(source.name)).toBe(source);
  expect(settingsOf(ghost, {})).toEqual(ghost.defaults);
  const source = { ...ghost, defaults: { ...noSettings, path: '/a', fields: { title: 'title', body: 'body' } } };
  expect(settingsOf(source, { ghost: { path: '/b', fields: { body: 'text' } }, other: { path: '/c' } })).toEqual({
    ...noSettings,
    path: '/b',
    fields: { title: 'title', body: 'text' },
  });
});
