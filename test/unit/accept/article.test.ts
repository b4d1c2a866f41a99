import { describe, expect, test } from '@jest/globals';
import { accept } from '../../../shared/article/accept.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { busEvent, story } from '../story.ts';
import { version, published, issues } from './accepted.ts';

describe('what is an article', () => {
  test.each(['ghost:main/../../../admin/users', 'wordpress:main/1,2', 'strapi:fr/a.b/c', 'directus:main/..'])(
    'a uri that names a CMS and no id of it is none: %s',
    (uri) => {
      expect(issues(published(story({ uri })))).toEqual(['article.uri']);
      // An article that was stored earlier can be withdrawn.
      expect(
        accept(busEvent('article.unpublished', { article: { uri, versionCreated: '2026-05-01T12:00:00Z' } }), 'd').kind,
      ).toBe('version');
    },
  );

  test.each([undefined, 'text', 'composite'])('type %s is', (type) => {
    expect(published(story({ type })).kind).toBe('version');
  });

  test('a picture that may be seen no more is a hold of its own, named by uri or by a long address', () => {
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
    'type %s is not, and the rejection names article.type',
    (type) => {
      expect(issues(published({ ...story(), type }))).toContain('article.type');
    },
  );

  test('ninjs 2.x, all lower case, says the same as 3.1', () => {
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
  ])('an embargo is one in ninjs %s', (_, item) => {
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
  ])('%j is rejected by the name of its field: to ignore it would be to publish', (more, path) => {
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
  ])('%s looks like a name that decides, and is rejected like one', (name) => {
    expect(issues(published({ ...story(), [name]: '2030-01-01T00:00:00Z' }))).toHaveLength(1);
    expect(
      issues(accept(busEvent('article.updated', { article: story(), [name]: '2030-01-01T00:00:00Z' }), 'd')),
    ).toHaveLength(1);
  });

  test.each(['автор', 'διεύθυνση', '掲載日', 'émission', 'société'])(
    '%s is a name of a newsroom in another language',
    (name) => {
      expect(published({ ...story(), [name]: 'x' })).toMatchObject({ kind: 'version' });
    },
  );

  test('an embargo that only looks like one is found deep inside as well', () => {
    expect(issues(published({ ...story(), extra: [{ more: { еmbargoed: '2030-01-01T00:00:00Z' } }] }))).toHaveLength(1);
  });

  test.each(['embargo', 'embargoedUntil', 'expires', 'pubStatus'])(
    '%s beside the article is rejected as well',
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
  ])('%j beside the article is rejected, however deep', (more, path) => {
    expect(issues(accept(busEvent('article.updated', { article: story(), ...more }), 'd'))).toEqual([path]);
  });

  test('a withdrawal needs no more than it names, whatever else it says of embargoes', () => {
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

  test('fields that ninjs does not have are dropped, all others carried', () => {
    const { article } = version(
      published(
        story({
          copyrightHolder: 'Harbour Press',
          version: '9',
          internalCmsField: 'x',
          places: [{ name: 'Port', geoJSON: { type: 'Point', coordinates: [1, 2] } }],
        }),
      ),
    ).content;
    expect(article).toMatchObject({
      copyrightHolder: 'Harbour Press',
      version: '9',
      places: [{ name: 'Port', geoJSON: { type: 'Point', coordinates: [1, 2] } }],
    });
    expect(article).not.toHaveProperty('internalCmsField');
  });

  test('what is carried for whoever shows it holds no link that runs, no null, and HTML only where HTML belongs', () => {
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

  test('times are kept in UTC with milliseconds', () => {
    expect(
      version(published(story({ versionCreated: '2026-05-01T13:30:00+02:00' }))).content.article.versionCreated,
    ).toBe('2026-05-01T11:30:00.000Z');
  });
});
