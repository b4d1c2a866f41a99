import { describe, expect, test } from '@jest/globals';
import { drupal } from '../../../shared/cms/sources/drupal.ts';
import { settingsOf } from '../../../shared/cms/sources.ts';
import { drupalDocument, drupalId } from '../../fixtures/cms/drupal.ts';
import { noon } from '../story.ts';
import { only, read } from './newsroom.ts';

const url = 'https://cms.example.com';
const articleOf = (document: unknown, settings = {}) =>
  only(read('drupal', document, { drupal: { url, ...settings } })).detail;
const queryOf = (address: string | undefined): Record<string, string> =>
  Object.fromEntries(new URL(address ?? '').searchParams);
const api = drupal.api;
if (!api) throw new Error('no api');

test('texts that no setting names are warnings, except the note on a revision', () => {
  const own = {
    field_fact_box: { value: '<p>The bridge is closed.</p>', processed: '<p>The bridge is closed.</p>' },
    field_kicker: 'Read all about it',
    revision_log: 'Spelling of the name',
  };
  const message = 'is not shown: no field in sources names it';
  expect(articleOf(drupalDocument(1, own))).toMatchObject({
    warnings: [
      { path: 'data.attributes.field_fact_box', message },
      { path: 'data.attributes.field_kicker', message },
    ],
  });
});

test('a node with its picture, author and tags becomes an article', () => {
  expect(read('drupal', drupalDocument(1), { drupal: { url, fields: { section: 'field_section' } } })).toEqual([
    {
      type: 'article.updated',
      detail: {
        path: '/world/story-1',
        revision: 101,
        article: {
          uri: `drupal:main/${drupalId(1)}`,
          type: 'text',
          versionCreated: '2026-03-02T09:00:00.000Z',
          pubStatus: 'usable',
          firstPublished: '2026-03-02T08:30:00.000Z',
          language: 'en',
          headlines: [{ role: 'main', value: 'Story 1' }],
          descriptions: [{ role: 'standfirst', contentType: 'text/plain', value: 'Standfirst of 1' }],
          bodies: [{ role: 'main', contentType: 'text/html', value: '<p>Body of 1.</p>' }],
          by: 'Ada Marlow',
          people: [{ rel: 'author', name: 'Ada Marlow' }],
          subjects: [
            { rel: 'section', literal: 'World', name: 'World' },
            { rel: 'about', name: 'Grain' },
          ],
          associations: [
            {
              type: 'picture',
              name: 'lead',
              headlines: [{ role: 'main', value: 'Alt of 1' }],
              renditions: [
                {
                  name: 'original',
                  href: `${url}/sites/default/files/2026-03/1.jpg`,
                  contentType: 'image/jpeg',
                  width: 1200,
                  height: 800,
                },
              ],
            },
          ],
        },
      },
    },
  ]);
});

describe('the text of a node', () => {
  test('has absolute addresses of files, and links to other nodes as the newspaper has them', () => {
    const processed =
      '<p><a href="/world/story-2#map">a</a> <a href="/sites/default/files/a.pdf">b</a> <a href="#note">c</a> <a href="https://other.example.com/d">d</a> <img src="/sites/default/files/e.jpg" alt=""></p>';
    expect(articleOf(drupalDocument(1, { body: { processed } })).article.bodies?.[0]?.value).toBe(
      `<p><a href="/world/story-2#map">a</a> <a href="${url}/sites/default/files/a.pdf">b</a> <a href="#note">c</a> <a href="https://other.example.com/d">d</a> <img src="${url}/sites/default/files/e.jpg" alt=""></p>`,
    );
  });

  test('is never the unfiltered one', () => {
    const { article } = articleOf(drupalDocument(1, { body: { value: '<script>x</script>', summary: '' } }));
    expect(article).not.toHaveProperty('bodies');
    expect(article).not.toHaveProperty('descriptions');
  });
});

test('a picture may be the file of a medium, and the field may have several', () => {
  const document = drupalDocument(1) as { data: { relationships: Record<string, unknown> }; included: unknown[] };
  const { field_image: image, ...others } = document.data.relationships;
  const medium = {
    type: 'media--image',
    id: 'm1',
    attributes: { name: 'The pier' },
    relationships: { field_media_image: image },
  };
  const relationships = { ...others, field_media: { data: [{ type: medium.type, id: medium.id }] } };
  const settings = { fields: { picture: 'field_media.field_media_image' } };
  const given = { ...document, data: { ...document.data, relationships }, included: [...document.included, medium] };
  expect(articleOf(given, settings).article.associations).toMatchObject([
    { headlines: [{ value: 'Alt of 1' }], renditions: [{ href: `${url}/sites/default/files/2026-03/1.jpg` }] },
  ]);
  const [request] = api.list(settingsOf(drupal, { drupal: settings }), { key: undefined }, '2026-03-02T00:00:00Z', 1);
  expect(queryOf(request?.url)['include']).toBe('field_tags,uid,field_media.field_media_image');
});

test.each([
  ['a draft or an unpublished node', false, 'article.unpublished'],
  ['a published node', true, 'article.updated'],
])('%s', (_, status, type) => {
  expect(only(read('drupal', drupalDocument(1, { status })))).toMatchObject({ type, detail: { revision: 101 } });
});

test('a node of another type, and a webhook that only names a node, change nothing', () => {
  const attributes = { status: false, changed: '2026-03-02T09:00:00+00:00' };
  const page = { data: { type: 'node--page', id: drupalId(1), attributes } };
  const named = { data: { type: 'node--article', id: drupalId(1) }, meta: { event: 'update' } };
  expect([read('drupal', page), read('drupal', named)]).toEqual([[], []]);
  expect(read('drupal', page, { drupal: { collection: 'article, page' } })).toHaveLength(1);
});

test.each([
  [{}, 'data.type'],
  [{ data: { type: 'node--article', id: '../admin' } }, 'data.id'],
  [drupalDocument(1, { status: undefined }), 'data.attributes.status'],
  [drupalDocument(1, { changed: 'soon' }), 'data.attributes.changed'],
])('%j'.slice(0, 2) + ' names the field at fault', (payload, path) => {
  expect(() => read('drupal', JSON.parse(JSON.stringify(payload)))).toThrow(path);
});

describe('a site in several languages', () => {
  const locales = { locales: ['en', 'fr'] };
  const settings = settingsOf(drupal, { drupal: { url, ...locales } });

  test('has an article for each, at the address that Drupal gives it', () => {
    const french = articleOf(drupalDocument(1, { langcode: 'fr', path: { alias: '/monde/un' } }), locales);
    expect(french).toMatchObject({
      path: '/fr/monde/un',
      article: { uri: `drupal:main/${drupalId(1)}.fr`, language: 'fr' },
    });
    expect(articleOf(drupalDocument(1), locales).path).toBe('/world/story-1');
    expect(read('drupal', drupalDocument(1, { langcode: 'de' }), { drupal: locales })).toEqual([]);
  });

  test('is asked in each', () => {
    const paths = (given: readonly { readonly url: string }[]): string[] =>
      given.map((one) => new URL(one.url).pathname);
    expect(paths(api.list(settings, { key: undefined }, '2026-03-02T00:00:00Z', 1))).toEqual([
      '/jsonapi/node/article',
      '/fr/jsonapi/node/article',
    ]);
    expect(paths(api.byIds(settings, { key: undefined }, [`${drupalId(1)}.fr`]))).toEqual(['/fr/jsonapi/node/article']);
    expect(paths(api.one(settings, { key: undefined }, `${drupalId(1)}.fr`))).toEqual([
      `/fr/jsonapi/node/article/${drupalId(1)}`,
    ]);
  });

  test.each([
    ['fr', false],
    ['en', true],
  ])('has no translation if Drupal answers in another language: %s', (langcode, isGone) => {
    const [request] = api.one(settings, { key: undefined }, `${drupalId(1)}.fr`);
    const body = { data: { attributes: { status: true, langcode } } };
    expect(request && api.isGone({ status: 200, headers: {}, body }, settings, request)).toBe(isGone);
  });

  test('withdraws all translations of a deleted node', () => {
    const deleted = { data: { type: 'node--article', id: drupalId(1) }, meta: { event: 'delete' } };
    expect(read('drupal', deleted, { drupal: locales }).map(({ detail }) => detail.article.uri)).toEqual([
      `drupal:main/${drupalId(1)}.en`,
      `drupal:main/${drupalId(1)}.fr`,
    ]);
  });
});

describe('the API', () => {
  const settings = settingsOf(drupal, { drupal: { url } });
  const since = '2026-03-02T00:00:00Z';

  test('is asked for changes by the stored seconds, with a key if there is one', () => {
    const [request] = api.list(settings, { key: 'k' }, since, 2);
    expect(queryOf(request?.url)).toMatchObject({
      'filter[since][condition][value]': '1772409600',
      sort: '-changed',
      'page[offset]': '45',
    });
    expect(request?.headers).toMatchObject({ authorization: 'Bearer k', accept: 'application/vnd.api+json' });
  });

  test('ends a list only where Drupal names no next page, and its total never falls', () => {
    const total = (page: number, count: number, isLast: boolean) => {
      const [request] = api.list(settings, { key: undefined }, since, page);
      const body = { data: Array.from({ length: count }, () => ({})), links: isLast ? {} : { next: {} } };
      return request && api.listed({ status: 200, headers: {}, body }, settings, request);
    };
    expect(total(1, 2, false)).toMatchObject({ isLast: false, total: 51 });
    expect(total(2, 0, true)).toMatchObject({ isLast: true, total: 51 });
    expect(total(1, 3, true)).toMatchObject({ isLast: true, total: 3 });
  });

  test.each<[string, number, unknown, boolean]>([
    ['unpublished, as its author sees it', 200, { data: { attributes: { status: false } } }, true],
    ['published', 200, { data: { attributes: { status: true } } }, false],
    ['not there', 404, {}, true],
    [
      'unpublished',
      403,
      { errors: [{ detail: 'The current user is not allowed to GET the selected resource.' }] },
      true,
    ],
    [
      'without permission',
      403,
      {
        errors: [
          {
            detail:
              "The current user is not allowed to GET the selected resource. The 'access content' permission is required.",
          },
        ],
      },
      false,
    ],
    ['with a key that has ended', 401, {}, false],
    ['down', 503, undefined, false],
  ])('a node that is %s', (_, status, body, isGone) => {
    const [request] = api.one(settings, { key: undefined }, drupalId(1));
    expect(request && api.isGone({ status, headers: {}, body }, settings, request)).toBe(isGone);
  });
});

test('the sample is read at any time', () => {
  expect(drupal.sample('story', new Date(noon).toISOString())[0].body).toMatchObject({
    data: { id: expect.stringMatching(api.id) as unknown },
  });
});
