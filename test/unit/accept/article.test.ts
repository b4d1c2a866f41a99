import { describe, expect, test } from '@jest/globals';
import { accept } from '../../../shared/article/accept.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { busEvent, story } from '../story.ts';
import { version, published, issues } from './accepted.ts';

describe('an article', () => {
  test.each(['ghost:main/../../../admin/users', 'wordpress:main/1,2', 'strapi:fr/a.b/c', 'directus:main/..'])(
    'cannot have a uri that names a CMS without a valid id of it: %s',
    (uri) => {
      expect(issues(published(story({ uri })))).toEqual(['article.uri']);
      // An article that was stored earlier can be withdrawn.
      expect(
        accept(busEvent('article.unpublished', { article: { uri, versionCreated: '2026-05-01T12:00:00Z' } }), 'd').kind,
      ).toBe('version');
    },
  );

  test.each([undefined, 'text', 'composite'])('may have type %s', (type) => {
    expect(published(story({ type })).kind).toBe('version');
  });

  test('of type picture that is withdrawn becomes a hold of the picture, named by uri or by a long address', () => {
    const address = `https://pictures.example.com/${'a'.repeat(400)}.jpg`;
    const judged = accept(
      busEvent('article.unpublished', {
        article: { uri: address, type: 'picture', versionCreated: '2026-05-01T12:00:00Z' },
        actor: 'legal',
      }),
      'd',
    );
    expect(judged).toMatchObject({
      kind: 'picture',
      pictureId: articleIdOf(address),
      hold: { articleId: `picture#${articleIdOf(address)}`, uri: address, kind: 'held', actor: 'legal' },
    });
    for (const [issue, item] of [
      ['article.uri', { uri: 'a b', versionCreated: '2026-05-01T12:00:00Z' }],
      ['article.versionCreated', { uri: 'urn:p' }],
      ['article.versionCreated', { uri: 'urn:p', versionCreated: '2026-05-01T12:16:00Z' }],
    ] as const)
      expect(accept(busEvent('article.held', { article: { ...item, type: 'picture' } }), 'd')).toMatchObject({
        kind: 'rejected',
        errors: [{ path: issue }],
      });
  });

  test.each(['picture', 'event', 'video', 'planning', 'component', 7])(
    'cannot have type %s, and the rejection names article.type',
    (type) => {
      expect(issues(published({ ...story(), type }))).toContain('article.type');
    },
  );

  test('in ninjs 2.x, all lower case, equals the same article in 3.1', () => {
    const older = JSON.parse(
      JSON.stringify(story()).replaceAll(/"(versionCreated|pubStatus|contentType)":/g, (name) => name.toLowerCase()),
    ) as unknown;
    expect(version(published(older)).content).toEqual(version(published(story())).content);
  });

  test.each([
    [
      '2.x',
      {
        uri: 'urn:a',
        versioncreated: '2026-05-01T12:00:00Z',
        headlines: [{ value: 'Budget' }],
        embargoed: '2030-01-01T00:00:00Z',
      },
    ],
    [
      '1.x',
      {
        guid: 'urn:a',
        versioncreated: '2026-05-01T12:00:00+0000',
        headline: 'Budget',
        embargoed: '2030-01-01T00:00:00Z',
      },
    ],
    [
      '3.x that says it as 2.x does',
      {
        uri: 'urn:a',
        standard: { version: '3.1' },
        versionCreated: '2026-05-01T12:00:00Z',
        headlines: [{ value: 'Budget' }],
        embargoed: '2030-01-01T00:00:00Z',
      },
    ],
  ])('may have an embargo in ninjs %s', (_, item) => {
    expect(version(published(item))).toMatchObject({
      embargoedUntil: Date.parse('2030-01-01T00:00:00Z'),
      content: { article: { uri: 'urn:a' } },
    });
  });

  test.each([
    [{ embargo: '2030-01-01T00:00:00Z' }, 'article.embargo'],
    [{ embargoed_until: '2030-01-01T00:00:00Z' }, 'article.embargoed_until'],
    [{ embargoed: 'next week' }, 'article.embargoedUntil'],
    [{ embargoed: '' }, 'article.embargoedUntil'],
    [{ pubstatus: 'unpublished' }, 'article.pubStatus'],
    [{ status: 'draft' }, 'article.status'],
    [{ expiry: '2030-01-01T00:00:00Z' }, 'article.expiry'],
    [{ expires: 7 }, 'article.expires'],
    [{ associations: [{ type: 'picture', embargo: '2030-01-01T00:00:00Z' }] }, 'article.associations.0.embargo'],
    [{ associations: [{ type: 'picture', embargoed: 'soon' }] }, 'article.associations.0.embargoedUntil'],
    [
      { associations: [{ associations: { a: { pubstatus: 'killed' } } }] },
      'article.associations.0.associations.0.pubStatus',
    ],
    [{ associations: [{ type: 'text', expires: 'soon' }] }, 'article.associations.0.expires'],
  ])('with %j is rejected with the field’s name, since ignoring the field could publish too early', (more, path) => {
    expect(issues(published({ ...story(), ...more }))).toEqual([path]);
  });

  // Cyrillic, Greek, full width, mathematical, with accents, with nothing between the letters that could be seen.
  test.each([
    'еmbargoed',
    'embаrgоed',
    'embargοed',
    'ｅｍｂａｒｇｏｅｄ',
    '𝐞𝐦𝐛𝐚𝐫𝐠𝐨',
    'émbárgoed',
    'em\u200bbargoed',
    'embar\u00adgoed_until',
    'рublishAt',
    'exріres',
    'рubStatus',
  ])('with %s is rejected, because the name resembles one that decides whether it is shown', (name) => {
    expect(issues(published({ ...story(), [name]: '2030-01-01T00:00:00Z' }))).toHaveLength(1);
    expect(
      issues(accept(busEvent('article.updated', { article: story(), [name]: '2030-01-01T00:00:00Z' }), 'd')),
    ).toHaveLength(1);
  });

  test.each(['автор', 'διεύθυνση', '掲載日', 'émission', 'société'])(
    'may have %s, a field name in another language',
    (name) => {
      expect(published({ ...story(), [name]: 'x' })).toMatchObject({ kind: 'version' });
    },
  );

  test('with a misspelt embargo deep inside is rejected as well', () => {
    expect(issues(published({ ...story(), extra: [{ more: { еmbargoed: '2030-01-01T00:00:00Z' } }] }))).toHaveLength(1);
  });

  test.each(['embargo', 'embargoedUntil', 'expires', 'pubStatus'])(
    'with %s beside it in the detail is rejected as well',
    (name) => {
      expect(
        issues(accept(busEvent('article.updated', { article: story(), [name]: '2030-01-01T00:00:00Z' }), 'd')),
      ).toEqual([`detail.${name}`]);
    },
  );

  test.each([
    [{ options: { embargoedUntil: '2030-01-01T00:00:00Z' } }, 'detail.options.embargoedUntil'],
    [{ schedule: { publishAt: '2030-01-01T00:00:00Z' } }, 'detail.schedule.publishAt'],
    [{ meta: [{ embargoed: '2030-01-01T00:00:00Z' }] }, 'detail.meta.0.embargoed'],
  ])('with %j beside it in the detail is rejected at any depth', (more, path) => {
    expect(issues(accept(busEvent('article.updated', { article: story(), ...more }), 'd'))).toEqual([path]);
  });

  test('that is withdrawn needs only uri and versionCreated, whatever it has as embargo', () => {
    const article = { ...story(), embargo: 'soon', associations: [{ embargoed: 'soon' }] };
    expect(accept(busEvent('article.unpublished', { article, expires: 'soon' }), 'd')).toMatchObject({
      kind: 'version',
      version: { status: 'canceled' },
    });
    expect(published({ ...article, pubStatus: 'canceled' })).toMatchObject({
      kind: 'version',
      version: { status: 'canceled' },
    });
  });

  test('loses fields that ninjs does not have, and keeps all others', () => {
    const kept = {
      copyrightHolder: 'Harbour Press',
      version: '9',
      places: [{ name: 'Port', geoJSON: { type: 'Point', coordinates: [1, 2] } }],
    };
    const { article } = version(published(story({ ...kept, internalCmsField: 'x' }))).content;
    expect(article).toMatchObject(kept);
    expect(article).not.toHaveProperty('internalCmsField');
  });

  test('has no link that runs code, no null, and HTML only in fields for HTML', () => {
    const { article } = version(
      published({
        ...story(),
        headlines: [
          { role: 'main', contentType: 'text/html', value: 'Tom &amp; <b onclick=alert(1)>Jerry</b> &lt;again&gt;' },
        ],
        trustIndicators: [
          { title: 'Policy', href: 'javascript:alert(1)' },
          null,
          { title: 'Standards', href: 'https://www.example.com/standards' },
        ],
        associations: [
          { headlines: [{ contentType: 'text/html', value: '<p>x</p>' }], places: [null, { geoJSON: { type: null } }] },
        ],
        rightsInfo: { encodedRights: '<p>as it is</p>' },
      }),
    ).content;
    expect(article).toMatchObject({
      headlines: [{ role: 'main', contentType: 'text/plain', value: 'Tom & Jerry <again>' }],
      trustIndicators: [{ title: 'Policy' }, { title: 'Standards', href: 'https://www.example.com/standards' }],
      associations: [{ headlines: [{ contentType: 'text/plain', value: 'x' }], places: [{ geoJSON: { type: null } }] }],
      rightsInfo: { encodedRights: '<p>as it is</p>' },
    });
    expect(JSON.stringify(article)).not.toContain('javascript:');
  });

  test('has times in UTC with milliseconds', () => {
    expect(
      version(published(story({ versionCreated: '2026-05-01T13:30:00+02:00' }))).content.article.versionCreated,
    ).toBe('2026-05-01T11:30:00.000Z');
  });
});
