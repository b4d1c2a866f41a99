import { describe, expect, test } from '@jest/globals';
import { superdeskItem, superdeskPicture, superdeskUri } from '../../../fixtures/cms/superdesk.ts';
import { only, pageOf, pages, read } from './pages.ts';

test('a story, field by field', () => {
  const { type, detail } = only(
    superdeskItem('u1', {
      authors: [
        { code: '1', name: 'Ada Marlow', role: 'writer', biography: 'Covers ports.', uri: 'urn:desk:user:1' },
        { code: '2', name: 'Jon Bright', role: 'photographer', biography: '' },
      ],
      associations: { featuremedia: superdeskPicture('p1') },
    }),
  );
  expect(type).toBe('article.published');
  expect(detail).toMatchObject({
    revision: 3,
    warnings: [{ path: 'authors.0.biography' }],
    article: {
      uri: superdeskUri('u1'),
      type: 'text',
      versionCreated: '2026-03-02T10:00:00+0000',
      firstPublished: '2026-03-02T10:00:00+0000',
      pubStatus: 'usable',
      language: 'en-GB',
      headlines: [{ value: 'Story u1' }],
      descriptions: [{ contentType: 'text/plain', value: 'Standfirst of u1' }],
      bodies: [{ contentType: 'text/html', value: '<p>Body of u1.</p>' }],
      by: 'Ada Marlow',
      people: [
        { rel: 'author', name: 'Ada Marlow', role: 'writer', uri: 'urn:desk:user:1' },
        { rel: 'photographer', name: 'Jon Bright', role: 'photographer' },
      ],
      subjects: [
        { rel: 'section', literal: 'World', name: 'World' },
        { rel: 'about', name: 'Grain', literal: '04000000' },
        { rel: 'about', name: 'Ports' },
      ],
      genres: [{ name: 'Explainer' }],
      places: [{ name: 'United Kingdom' }],
      located: 'Portsmouth',
      associations: [
        {
          uri: 'superdesk:main/tag:desk.example.com:2026-03-02:p1',
          name: 'featuremedia',
          by: 'Harbour Press/AM',
          headlines: [{ value: 'Alt of p1' }],
          descriptions: [{ value: 'Caption of p1' }],
          renditions: [{ name: 'original', width: 2048 }, { name: 'thumbnail' }],
        },
      ],
    },
  });
  expect(JSON.stringify(detail)).not.toContain('DESK ONLY');
});

describe('services and subjects', () => {
  const subject = [
    { code: '15000000', name: 'sport', scheme: 'iptc' },
    { code: '04000000', name: 'Grain', scheme: 'topics' },
  ];
  const given = { superdesk: { sections: { I: 'news/world', 'iptc:15000000': 'sport', j: '' } } };

  test('are mapped to sections by code or name as the newsroom sets, and other subjects are topics', () => {
    const service = [
      { code: 'i', name: 'International' },
      { code: 'j', name: 'Junk' },
      { code: 'e', name: 'Économie / Société' },
    ];
    const item = superdeskItem('u1', { service, subject, keywords: [] });
    expect(only(item, given).detail.article.subjects).toEqual([
      { rel: 'section', literal: 'news/world' },
      { rel: 'section', literal: 'Économie - Société', name: 'Économie / Société' },
      { rel: 'section', literal: 'sport' },
      { rel: 'about', name: 'Grain', literal: '04000000' },
    ]);
  });

  test('that cannot be read are left out, and the rest is read', () => {
    const { detail } = only(
      superdeskItem('u1', { service: 'i', subject: [{ name: 5 }, { name: 'Grain' }], keywords: [1] }),
    );
    expect(detail.article.subjects).toEqual([{ rel: 'about', name: 'Grain' }]);
    expect(detail.warnings?.map(({ path }) => path)).toEqual(['service', 'subject.0.name', 'keywords.0']);
  });
});

describe('times', () => {
  test.each<[string, Record<string, unknown>, string | undefined]>([
    ['an embargo', { embargoed: '2026-06-01T10:00:00+00:00' }, '2026-06-01T10:00:00+00:00'],
    ['a schedule', { publish_schedule: '2026-06-01T10:00:00+0000' }, '2026-06-01T10:00:00+0000'],
    [
      'the later of both',
      { embargoed: '2026-06-01T10:00:00+00:00', publish_schedule: '2026-06-02T10:00:00+0000' },
      '2026-06-02T10:00:00+0000',
    ],
    ['none', {}, undefined],
  ])('%s', (_, more, expected) => {
    expect(only(superdeskItem('u1', more)).detail.article.embargoedUntil).toBe(expected);
  });

  test('one that cannot be read rejects the story', () => {
    expect(() => read(superdeskItem('u1', { publish_schedule: 'tomorrow' }))).toThrow('publish_schedule');
    expect(only(superdeskItem('u1', { embargoed: 'tomorrow' })).detail.article.embargoedUntil).toBe('tomorrow');
  });
});

test('a correction is marked as such', async () => {
  const signal = [{ code: 'corr', name: 'Correction', scheme: 'http://cv.iptc.org/newscodes/signal/' }];
  const page = await pageOf(await pages(superdeskItem('u1', { signal })), superdeskUri('u1'));
  expect(page).toContain('class="correction"');
  const legal = [{ code: 'cwarn', name: 'Content Warning', scheme: 'http://cv.iptc.org/newscodes/signal/' }];
  expect(await pageOf(await pages(superdeskItem('u1', { signal: legal })), superdeskUri('u1'))).not.toContain(
    'class="correction"',
  );
});

test('markup in a headline is removed, and the path is made from the newsroom’s pattern', () => {
  const { detail } = only(superdeskItem('u1', { headline: '<p>Ferry <b>late</b> &amp; full</p>' }), {
    superdesk: { path: '/news/{slugline}' },
  });
  expect(detail.article.headlines).toMatchObject([{ value: 'Ferry late & full' }]);
  expect(detail.path).toBe('/news/story-u1');
});

test('a guid with spaces becomes a valid uri', () => {
  expect(only(superdeskItem('u1', { guid: 'an id' })).detail.article.uri).toBe('superdesk:main/an%20id');
});
