import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { fieldsOf, namesIn, patternPath, reading } from '../../shared/cms/collection-fields.ts';
import { noSettings } from '../../shared/cms/source-settings.ts';

const settings = {
  ...noSettings,
  path: '/news/{section}/{slug}',
  fields: {
    title: 'heading',
    standfirst: 'intro',
    body: 'text',
    caption: 'legend',
    credit: 'by',
    published: 'goesOut',
    embargo: 'until',
    section: 'desk',
    tags: 'labels',
    author: 'writers',
  },
};

test('names are not read from deeper than a few levels', () => {
  expect(namesIn(JSON.parse(`${'['.repeat(100_000)}"x"${']'.repeat(100_000)}`))).toEqual([]);
  expect(namesIn([[['x']], 'y'])).toEqual(['x', 'y']);
});

describe('the fields of an entry', () => {
  test('are read by the names that the newsroom set', () => {
    const fields = fieldsOf(
      {
        heading: 'The bridge',
        goesOut: '2026-05-01 12:00:00',
        desk: { name: 'news/local' },
        labels: ['Bridges', '#Explainer'],
        writers: [{ name: 'Ada' }, 'Jon'],
        text: '<p>At dawn.</p>',
        intro: 'It is open',
        until: null,
      },
      settings,
      ['data'],
    );
    expect(fields.raw('title')).toBe('The bridge');
    expect(fields.time('published')).toBe('2026-05-01T12:00:00.000Z');
    expect(fields.story()).toEqual({
      title: 'The bridge',
      standfirst: 'It is open',
      html: '<p>At dawn.</p>',
      sections: [{ literal: 'news/local', name: 'local' }],
      topics: ['Bridges'],
      genres: ['Explainer'],
      authors: ['Ada', 'Jon'],
    });
    expect(fields.issues()).toEqual([]);
  });

  test('are treated alike if absent, null, empty or unnamed', () => {
    const nothing = { sections: [], topics: [], genres: [], authors: [] };
    for (const entry of [
      { until: null },
      { heading: null, goesOut: null, text: null, until: null },
      { heading: '', goesOut: '', text: '', until: '' },
    ]) {
      const fields = fieldsOf(entry, settings, []);
      expect([fields.raw('title'), fields.text('title'), fields.time('published')]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect(fields.story()).toEqual(nothing);
      expect(fields.issues()).toEqual([]);
    }
    expect(fieldsOf({ heading: 'The bridge' }, noSettings, []).text('title')).toBeUndefined();
  });

  test('include an issue if the embargo field is missing, since the story would be shown at once', () => {
    expect(fieldsOf({ heading: 'The bridge' }, settings, ['data']).issues()).toEqual([
      {
        path: 'data.until',
        message: expect.stringMatching(/^is missing, and decides whether readers may see the story: /) as unknown,
      },
    ]);
    expect(fieldsOf({}, { ...settings, fields: { ...settings.fields, embargo: '' } }, []).issues()).toEqual([]);
    expect(fieldsOf({}, noSettings, []).issues()).toEqual([]);
  });

  test('that cannot be read are named by path', () => {
    const fields = fieldsOf(
      { heading: { rich: true }, by: 7, goesOut: 'tomorrow', until: 12, revision: 'x' },
      settings,
      ['data', 'entry'],
    );
    expect([fields.text('title'), fields.time('published'), fields.time('embargo')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    // Only fields that a story needs, or that decide when it is shown, are issues.
    expect(fields.issues()).toEqual([
      { path: 'data.entry.heading', message: expect.stringContaining('text') as unknown },
      { path: 'data.entry.goesOut', message: expect.stringContaining('2026-05-01T18:00:00Z') as unknown },
      { path: 'data.entry.until', message: expect.stringContaining('2026-05-01T18:00:00Z') as unknown },
    ]);
    expect(fields.warnings(['tags', v.nullish(v.array(v.string()))])).toEqual([
      { path: 'data.entry.by', message: expect.stringContaining('text') as unknown },
    ]);
    const others = fieldsOf({ labels: [{ id: 7 }], writers: 3 }, settings, ['data']);
    expect(others.warnings(['tags', v.array(v.string('must be a string'))]).map(({ path }) => path)).toEqual([
      'data.labels',
      'data.writers',
      'data.labels.0',
    ]);
  });

  test('have schemas of their own', () => {
    const fields = fieldsOf({ labels: ['a'], writers: 3 }, settings, []);
    expect(fields.as('tags', v.array(v.string()))).toEqual(['a']);
    expect(fields.as('author', v.array(v.string()))).toBeUndefined();
  });
});

describe('the names in a value', () => {
  test.each<[unknown, string[]]>([
    ['Ada', ['Ada']],
    ['', []],
    [null, []],
    [undefined, []],
    [7, []],
    [{ name: 'Ada' }, ['Ada']],
    [{ title: 'Grain' }, ['Grain']],
    [{ name: 'Ada', title: 'Editor' }, ['Ada']],
    [{ name: 7 }, []],
    [{ slug: 'ada' }, []],
    [
      ['Ada', { name: 'Jon' }, null, ['Mia', '']],
      ['Ada', 'Jon', 'Mia'],
    ],
  ])('are read from %j', (value, names) => {
    expect(namesIn(value)).toEqual(names);
  });
});

describe('a path by pattern', () => {
  test.each<[Record<string, unknown>, string | undefined]>([
    [{ section: 'News/Local', slug: 'The Bridge' }, '/news/news/local/the-bridge'],
    [{ section: { name: 'Local' }, slug: [{ name: 'First' }, 'Second'] }, '/news/local/first'],
    [{ section: 'Local' }, undefined],
    [{ slug: 'The Bridge' }, undefined],
    [{}, undefined],
    [{ section: 'Local', slug: '' }, undefined],
  ])('of %j', (entry, path) => {
    expect(patternPath(entry, settings)).toStrictEqual(path === undefined ? {} : { path });
  });

  test('is absent without a pattern, and if it would be a path of the site', () => {
    expect(patternPath({ slug: 'a' }, { ...settings, path: '' })).toStrictEqual({});
    expect(patternPath({ slug: 'a' }, { ...settings, path: '/feeds/{slug}' })).toStrictEqual({});
    expect(patternPath({}, { ...settings, path: '/about' })).toStrictEqual({ path: '/about' });
  });
});

test('commands are made only if there are no issues', () => {
  expect(reading([], [], () => [])).toStrictEqual({ commands: [] });
  const issues = [{ path: 'a', message: 'b' }];
  expect(
    reading(issues, [], () => {
      throw new Error('never asked');
    }),
  ).toStrictEqual({ issues });
});
