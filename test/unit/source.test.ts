import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { settingsOf, sourceNamed, sources } from '../../shared/sources.ts';
import { bearer, isObject, queryOf, within } from '../../shared/source-api.ts';
import { aTime, anId, idIn, isoOf, noSettings, optionalNumber, optionalText, optionalTime, parsed, revisionBetween, uriOf } from '../../shared/source.ts';

describe('an id in a uri', () => {
  test('is the one that it was made of', () => {
    expect(uriOf('ghost', noSettings, '42')).toBe('ghost:main/42');
    expect(idIn('ghost:main/42', 'ghost', noSettings)).toBe('42');
  });

  test.each(['strapi:main/42', 'ghost:other/42', 'ghost:main42', 'xghost:main/42'])('is none in %s', (uri) => {
    expect(idIn(uri, 'ghost', noSettings)).toBeUndefined();
  });
});

describe('the revision between two times', () => {
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

describe('a time as CMSes write it', () => {
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

  test.each(['', 'tomorrow', '2026-05-01', '18:00:00', '2026-05-01T18', '2026-13-01T18:00:00Z', '1969-12-31T23:59:59Z', 'x2026-05-01T18:00:00Z', '2026-05-01T18:00:00Zx', '12026-05-01T18:00:00Z'])('is none: %s', (time) => {
    expect(isoOf(time)).toBeUndefined();
    expect(parsed(aTime, time)).toEqual({ faults: [{ path: '', message: expect.stringContaining('must be a time') as unknown }] });
  });
});

describe('an id', () => {
  test.each([['42', '42'], [42, '42'], ['5f3c.a-b_c', '5f3c.a-b_c'], ['x'.repeat(100), 'x'.repeat(100)]])('%s', (given, id) => {
    expect(parsed(anId, given)).toEqual({ value: id });
  });

  test.each([null, undefined, '', 1.5, 'a b', 'a/b', 'x'.repeat(101), {}])('is none: %j', (given) => {
    expect(parsed(anId, given)).toEqual({ faults: [{ path: '', message: expect.stringMatching(/^(must be|is missing)/) as unknown }] });
  });
});

test('what is optional may be absent or null, and nothing else than what it is', () => {
  const schema = v.object({ text: optionalText, number: optionalNumber, time: optionalTime });
  expect(parsed(schema, {})).toEqual({ value: {} });
  expect(parsed(schema, { text: null, number: null, time: null })).toEqual({ value: { text: null, number: null, time: null } });
  expect(parsed(schema, { text: 1, number: 'x', time: 'y' }, ['data', 'entry'])).toEqual({
    faults: ['text', 'number', 'time'].map((field) => ({ path: `data.entry.${field}`, message: expect.stringContaining('must be') })),
  });
});

describe('what is asked of an API', () => {
  test('a query without what is undefined', () => {
    expect(queryOf({ page: 2, since: undefined, filter: 'a b&c', none: '' })).toBe('page=2&filter=a+b%26c&none=');
  });

  test('a key where there is one', () => {
    expect(bearer({ key: 'secret' })).toStrictEqual({ authorization: 'Bearer secret' });
    expect(bearer({ key: undefined })).toStrictEqual({});
  });

  test('what stands within an answer', () => {
    const answer = { data: [{ id: 7, none: null }], text: 'abc' };
    expect(within(answer, 'data', 0, 'id')).toBe(7);
    expect(within(answer)).toBe(answer);
    expect([within(answer, 'data', 1, 'id'), within(answer, 'data', 0, 'none', 'id'), within(answer, 'text', 'length'), within(undefined, 'a')]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('objects are neither lists nor nothing', () => {
    expect([{}, { a: 1 }].every(isObject)).toBe(true);
    expect([null, undefined, [], 'text', 7].some(isObject)).toBe(false);
  });
});

test('a newsroom’s own settings stand before the defaults, field by field', () => {
  const ghost = sourceNamed('ghost');
  if (!ghost) throw new Error('no Ghost');
  expect(sourceNamed('nobody')).toBeUndefined();
  expect(sources.map(({ name }) => sourceNamed(name)?.name)).toEqual(['ghost', 'wordpress', 'strapi', 'directus', 'ninjs']);
  expect(settingsOf(ghost, {})).toEqual(ghost.defaults);
  const source = { ...ghost, defaults: { ...noSettings, path: '/a', fields: { title: 'title', body: 'body' } } };
  expect(settingsOf(source, { ghost: { path: '/b', fields: { body: 'text' } }, other: { path: '/c' } })).toEqual({
    ...noSettings,
    path: '/b',
    fields: { title: 'title', body: 'text' },
  });
});
