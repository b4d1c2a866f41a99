import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accept, type Accepted } from '../../shared/article/accept.ts';
import { articleIdOf, type Article } from '../../shared/article/article.ts';
import { bodyHtmlOf } from '../../shared/article/body.ts';
import { feedsOf } from '../../shared/feed/placement.ts';
import type { Version } from '../../shared/article/version.ts';
import { busEvent, noon, story } from './story.ts';

function version(accepted: Accepted): Version {
  if (accepted.kind !== 'version') throw new Error(`not a version: ${JSON.stringify(accepted)}`);
  return accepted.version;
}

const published = (article: unknown, more: Record<string, unknown> = {}): Accepted =>
  accept(busEvent('article.published', { article, ...more }), 'delivery');

function warned(accepted: Accepted): string[] {
  return (version(accepted).content.warnings ?? []).map(({ path }) => path);
}

function faults(accepted: Accepted): string[] {
  return accepted.kind === 'refused' ? accepted.errors.map(({ path }) => path) : [];
}

describe('identity and order', () => {
  test('an article is known by the first 16 characters of base32(sha256(uri))', () => {
    expect(articleIdOf('urn:newsroom:harbour-bridge')).toMatch(/^[a-z2-7]{16}$/);
    expect(articleIdOf('')).toBe('4oymiquy7qobjgx3');
    expect(version(published(story())).articleId).toBe(articleIdOf('urn:newsroom:harbour-bridge'));
  });

  test('receivedAt is the door’s, else the bus event’s time', () => {
    expect(version(published(story())).receivedAt).toBe(noon);
    expect(version(published(story(), { receivedAt: noon + 123 })).receivedAt).toBe(noon + 123);
  });

  test('the digest ignores receivedAt and the order of keys, and nothing else', () => {
    const digest = version(published(story())).digest;
    expect(version(published(story(), { receivedAt: noon + 5 })).digest).toBe(digest);
    expect(version(published(Object.fromEntries(Object.entries(story()).reverse()))).digest).toBe(digest);
    expect(version(published(story({ edNote: 'x' }))).digest).not.toBe(digest);
    expect(version(accept(busEvent('article.updated', { article: story() }), 'delivery')).digest).not.toBe(digest);
  });

  test('the same text is judged alike however often', () => {
    const body = busEvent('article.published', { article: story() });
    expect(accept(body, 'a')).toEqual(accept(body, 'b'));
  });
});

describe('what is an article', () => {
  test.each(['ghost:main/../../../admin/users', 'wordpress:main/1,2', 'strapi:fr/a.b/c', 'directus:main/..'])(
    'a uri that names a CMS and no id of it is none: %s',
    (uri) => {
      expect(faults(published(story({ uri })))).toEqual(['article.uri']);
      // What was stored before can be withdrawn.
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
    for (const [fault, item] of [
      ['article.uri', { uri: 'a b', versionCreated: '2026-05-01T12:00:00Z' }],
      ['article.versionCreated', { uri: 'urn:p' }],
      ['article.versionCreated', { uri: 'urn:p', versionCreated: '2026-05-01T12:16:00Z' }],
    ] as const)
      expect(accept(busEvent('article.held', { article: { ...item, type: 'picture' } }), 'd')).toMatchObject({
        kind: 'refused',
        errors: [{ path: fault }],
      });
  });

  test.each(['picture', 'event', 'video', 'planning', 'component', 7])(
    'type %s is not, and the refusal names article.type',
    (type) => {
      expect(faults(published({ ...story(), type }))).toContain('article.type');
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
  ])('%j is refused by the name of its field: to ignore it would be to publish', (more, path) => {
    expect(faults(published({ ...story(), ...more }))).toEqual([path]);
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
  ])('%s looks like a name that decides, and is refused like one', (name) => {
    expect(faults(published({ ...story(), [name]: '2030-01-01T00:00:00Z' }))).toHaveLength(1);
    expect(
      faults(accept(busEvent('article.updated', { article: story(), [name]: '2030-01-01T00:00:00Z' }), 'd')),
    ).toHaveLength(1);
  });

  test.each(['автор', 'διεύθυνση', '掲載日', 'émission', 'société'])(
    '%s is a name of a newsroom in another language',
    (name) => {
      expect(published({ ...story(), [name]: 'x' })).toMatchObject({ kind: 'version' });
    },
  );

  test('an embargo that only looks like one is found deep inside as well', () => {
    expect(faults(published({ ...story(), extra: [{ more: { еmbargoed: '2030-01-01T00:00:00Z' } }] }))).toHaveLength(1);
  });

  test.each(['embargo', 'embargoedUntil', 'expires', 'pubStatus'])(
    '%s beside the article is refused as well',
    (name) => {
      expect(
        faults(accept(busEvent('article.updated', { article: story(), [name]: '2030-01-01T00:00:00Z' }), 'd')),
      ).toEqual([`detail.${name}`]);
    },
  );

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

describe('what is refused names its field', () => {
  test.each<[string, Record<string, unknown>]>([
    ['article.uri', { uri: undefined }],
    ['article.uri', { uri: 'has spaces' }],
    ['article.uri', { uri: 'x'.repeat(256) }],
    ['article.versionCreated', { versionCreated: 'yesterday' }],
    ['article.versionCreated', { versionCreated: '2026-05-01T12:00:00' }],
    ['article.versionCreated', { versionCreated: '2026-13-01T12:00:00Z' }],
    ['article.versionCreated', { versionCreated: '1969-01-01T12:00:00Z' }],
    ['article.versionCreated', { versionCreated: '2026-05-01T12:15:01Z' }],
    ['article.headlines', { headlines: undefined }],
    ['article.headlines', { headlines: [] }],
    ['article.headlines', { headlines: [{ role: 'main', value: ' ' }] }],
    ['article.pubStatus', { pubStatus: 'live' }],
    ['article.embargoedUntil', { embargoedUntil: '2026-02-30T10:00:00Z' }],
    ['article.expires', { expires: '2026-04-31T10:00:00+0200' }],
    ['article.headlines', { headlines: [{ value: '\u0000\u0001' }] }],
    // HTML of which nobody could see anything.
    [
      'article.headlines',
      { headlines: [{ contentType: 'text/html', value: '<img src=x onerror=alert(1)><script>x</script>' }] },
    ],
  ])('%s', (path, overrides) => {
    expect(faults(published(story(overrides)))).toEqual([path]);
  });

  test('a headline that is no text is named with the headlines, where no other one is left', () => {
    expect(faults(published(story({ headlines: [{ role: 'main' }] as never })))).toEqual([
      'article.headlines.0.value',
      'article.headlines',
    ]);
    expect(
      published(
        story({
          headlines: [
            { role: 'main', value: 7 },
            { role: 'web', value: 'Bridge open' },
          ] as never,
        }),
      ),
    ).toMatchObject({
      kind: 'version',
      version: {
        content: {
          article: { headlines: [{ value: 'Bridge open' }] },
          warnings: [{ path: 'article.headlines.0.value' }],
        },
      },
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['revision', { revision: 1.5 }],
    ['revision', { revision: -1 }],
    ['receivedAt', { receivedAt: 'now' }],
  ])('%s of the detail', (path, more) => {
    expect(faults(published(story(), more))).toEqual([path]);
  });

  test('receivedAt that lies ahead of the bus, since nothing is received after it was sent on', () => {
    const body = (receivedAt: number): string =>
      busEvent('article.published', { article: story(), receivedAt }, { time: '2026-05-01T12:00:00Z' });
    expect(accept(body(noon + 9000), 'd').kind).toBe('version');
    expect(faults(accept(body(noon + 11_000), 'd'))).toEqual(['receivedAt']);
  });

  test('an unknown kind of event, a foreign body and broken JSON', () => {
    expect(faults(accept(busEvent('article.publish', { article: story() }), 'd'))).toEqual(['detail-type']);
    expect(faults(accept('{"hello":1}', 'd'))).toEqual(['']);
    expect(accept('not json', 'delivery-7')).toMatchObject({ kind: 'refused', eventId: 'delivery-7' });
  });

  test('all faults at once, and never a value', () => {
    const refused = published({
      ...story({ urgency: 99, versionCreated: 'secret-value', pubStatus: 'live' as never }),
      uri: undefined,
    });
    expect(faults(refused).sort()).toEqual(['article.pubStatus', 'article.uri', 'article.versionCreated']);
    expect(JSON.stringify(refused)).not.toContain('secret-value');
  });

  test('a hold whose reason no row can take is taken without it: a legal order must not fail for that', () => {
    const held = accept(
      busEvent('article.held', {
        article: { uri: 'urn:x', versionCreated: '2026-05-01T12:00:00Z' },
        reason: 'x'.repeat(450_000),
      }),
      'd',
    );
    expect(held).toMatchObject({ kind: 'hold', hold: { kind: 'held' } });
    expect(held.kind === 'hold' && held.hold).not.toHaveProperty('reason');
  });

  test('a number that is none, and what is nested beyond reason', () => {
    const body = busEvent('article.published', { article: story(), extra: 1 });
    expect(accept(body.replace('"extra":1', '"extra":1e999'), 'd').kind).toBe('refused');
    expect(accept(body.replace('"extra":1', `"extra":${'['.repeat(200)}${']'.repeat(200)}`), 'd').kind).toBe('refused');
  });

  test('in words that fit on the bus themselves', () => {
    for (const overrides of [
      { subjects: Array.from({ length: 30_000 }, () => ({ name: 1 })) },
      { uri: `urn:${'é'.repeat(450_000)}` },
    ]) {
      const judged = published({ ...story(), ...overrides });
      expect(JSON.stringify(judged.kind === 'version' ? judged.version.content : judged).length).toBeLessThan(10_000);
    }
  });

  test('whatever comes, the door answers and does not throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (article, detail) => {
        for (const said of [
          detail,
          { article },
          { article: { ...story(), headlines: article, associations: detail } },
        ]) {
          const accepted = accept(
            JSON.stringify({
              id: 'e',
              source: 's',
              time: '2026-05-01T12:00:00Z',
              'detail-type': 'article.published',
              detail: said,
            }),
            'd',
          );
          if (accepted.kind === 'refused') expect(accepted.errors.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('when a version says that its article was first published', () => {
  const firstPublished = (
    article: Record<string, unknown>,
    source = 'newsroom',
    event = 'article.published',
  ): string | undefined => {
    const judged = accept(busEvent(event, { article: story(article) }, { source }), 'd');
    return judged.kind === 'version' ? judged.version.content.article.firstPublished : undefined;
  };
  const created = '2026-05-01T12:00:00.000Z';

  test.each<[string, Record<string, unknown>, string]>([
    ['its sender names it', { firstPublished: '2020-03-04T06:00:00+01:00' }, '2020-03-04T05:00:00.000Z'],
    ['its sender names it as Superdesk does', { firstpublished: '2020-03-04T05:00:00Z' }, '2020-03-04T05:00:00.000Z'],
    ['nobody names it', {}, created],
    ['only the beginning of the draft is named', { firstCreated: '2026-04-20T09:00:00Z' }, created],
    ['it lies further ahead than clocks run', { firstPublished: '2026-06-01T12:00:00Z' }, created],
    ['it cannot be read', { firstPublished: 'yesterday' }, created],
  ])('%s', (_, article, expected) => {
    expect(firstPublished(article)).toBe(expected);
    expect(firstPublished(article, 'newsroom', 'article.updated')).toBe(expected);
  });

  test('an event of a CMS that was mapped before firstPublished was sent says it as firstCreated', () => {
    const article = { firstCreated: '2020-03-04T05:00:00.000Z' };
    expect(firstPublished(article, 'cms.ghost')).toBe(article.firstCreated);
    expect(firstPublished({ ...article, firstPublished: '2021-01-01T00:00:00Z' }, 'cms.ghost')).toBe(
      '2021-01-01T00:00:00.000Z',
    );
    expect(firstPublished({ firstCreated: '2026-06-01T12:00:00Z' }, 'cms.ghost')).toBe(created);
    // What this endpoint takes is ninjs as its sender wrote it.
    expect(firstPublished(article, 'cms.ninjs')).toBe(created);
  });
});

/** The value at a path of names and positions. */
function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
      value,
    );
}

describe('an ornament that does not fit never refuses the article: it is left out, and a warning names it', () => {
  const picture = (rendition: unknown, more: Record<string, unknown> = {}): Record<string, unknown> => ({
    associations: [
      {
        type: 'picture',
        headlines: [{ value: 'A bridge' }],
        renditions: [rendition, { href: 'https://pictures.example.com/small.jpg' }],
        ...more,
      },
    ],
  });

  test.each<[string, Record<string, unknown>, unknown?]>([
    ['article.firstPublished', { firstPublished: '2026-06-01T12:00:00Z' }],
    ['article.firstPublished', { firstPublished: 'yesterday' }],
    ['article.firstCreated', { firstCreated: 'yesterday' }],
    ['article.urgency', { urgency: 0 }],
    ['article.urgency', { urgency: 'high' }],
    ['article.language', { language: 'english!' }],
    ['article.by', { by: 'x'.repeat(2001) }],
    ['article.slugline', { slugline: { value: 'bridge' } }],
    ['article.located', { located: ['Kyiv'] }],
    ['article.copyrightHolder', { copyrightHolder: 2026 }],
    ['article.bodies', { bodies: 'text' }],
    ['article.bodies.0.value', { bodies: [{ value: 7 }] }],
    ['article.descriptions.0.value', { descriptions: [{ role: 'standfirst' }] }],
    ['article.descriptions.0.role', { descriptions: [{ role: 7, value: 'Not before six!' }] }],
    ['article.people.0.name', { people: [{ rel: 'author', name: 7 }] }],
    ['article.people', { people: { name: 'Ada' } }],
    ['article.genres.0', { genres: [[null]] }],
    // A list is no object, though ECMAScript thinks so.
    ['article.subjects.0', { subjects: [['news']] }],
    ['article.subjects.1.literal', { subjects: [{ name: 'a' }, { rel: 'section', name: 'World' }] }],
    ['article.associations', { associations: 'none' }],
    ['article.associations.0', { associations: [[]] }],
    ['article.associations.0.uri', { associations: [{ uri: 7, type: 'picture' }] }],
    ['article.associations.0.headlines', picture({ href: 'https://pictures.example.com/1.jpg' }, { headlines: false })],
    ['article.associations.0.renditions.0', picture([])],
    ['article.associations.0.renditions.0.href', picture({ href: 'javascript:alert(1)' })],
    ['article.associations.0.renditions.0.href', picture({ href: '' })],
    ['article.associations.0.renditions.0.href', picture({ href: '/pictures/1.jpg' })],
    ['article.associations.0.renditions.0.href', picture({ href: 'data:image/png;base64,AAAA' })],
    ['article.associations.0.renditions.0.width', picture({ href: 'https://pictures.example.com/1.jpg', width: -5 })],
    [
      'article.associations.0.renditions.0.width',
      picture({ href: 'https://pictures.example.com/1.jpg', width: 'wide' }),
    ],
    [
      'article.associations.0.renditions.0.height',
      picture({ href: 'https://pictures.example.com/1.jpg', height: 1e21 }),
    ],
  ])('%s', (path, overrides) => {
    const { article, warnings } = version(published(story(overrides))).content;
    expect(warnings).toEqual([{ path, message: expect.any(String) as unknown }]);
    const given = at({ article: overrides }, path);
    if (given !== undefined) expect(at({ article }, path)).not.toEqual(given);
    expect(article.headlines).toEqual(story().headlines);
  });

  test.each<[string, unknown]>([
    ['path', 'news/world'],
    ['path', '/articles/mine'],
    ['path', '/'],
    ['path', ''],
    ['path', `/a${'/'.repeat(100_000)}b`],
    ['path', '/news/%zz'],
    ['path', '/news/%00'],
    ['actor', 7],
    ['reason', 'x'.repeat(1001)],
  ])('%s of the detail', (path, value) => {
    const { content } = version(published(story(), { [path]: value }));
    expect(content.warnings).toEqual([{ path, message: expect.any(String) as unknown }]);
    expect(content).not.toHaveProperty(path);
  });

  test('a size written as text is the number, and an empty one none', () => {
    const { article, warnings } = version(
      published(story(picture({ href: 'https://pictures.example.com/1.jpg', width: '150', height: '' }))),
    ).content;
    expect(article.associations?.[0]?.renditions?.[0]).toEqual({
      href: 'https://pictures.example.com/1.jpg',
      width: 150,
    });
    expect(warnings).toBeUndefined();
  });

  test.each<[string, Record<string, unknown>]>([
    [
      'article.bodies.0.contentType',
      { bodies: [{ contentType: 'application/nitf+xml', value: '<nitf>All of the text</nitf>' }] },
    ],
    [
      'article.bodies.1',
      {
        bodies: [
          { contentType: 'text/html', value: '<p>The text</p>' },
          { role: 'infobox', contentType: 'text/html', value: '<p>In brief</p>' },
        ],
      },
    ],
    [
      'article.descriptions.0.contentType',
      { descriptions: [{ contentType: 'text/html', value: '<p>Traffic flowed</p>' }] },
    ],
    ['article.descriptions.0.role', { descriptions: [{ role: 'pull-quote', value: 'We made it' }] }],
    [
      'article.associations.0.descriptions.0.contentType',
      picture(
        { href: 'https://pictures.example.com/1.jpg' },
        { descriptions: [{ contentType: 'text/markdown', value: '*A bridge*' }] },
      ),
    ],
  ])('text that no page shows is named: %s', (path, overrides) => {
    expect(version(published(story(overrides))).content.warnings).toEqual([
      { path, message: expect.any(String) as unknown },
    ]);
  });

  test('the same text in another form, and a body that is just called plain or html, are shown without a warning', () => {
    for (const bodies of [
      [
        { role: 'main', contentType: 'text/plain', value: 'All' },
        { role: 'main', contentType: 'text/html', value: '<p>All</p>' },
      ],
      [{ contentType: 'plain', value: 'All of the text' }],
      [{ contentType: 'html', value: '<p>All of the text</p>' }],
    ])
      expect(version(published(story({ bodies }))).content).not.toHaveProperty('warnings');
    expect(
      bodyHtmlOf(
        version(published(story({ bodies: [{ contentType: 'plain', value: 'All of the text' }] }))).content.article,
      ),
    ).toBe('<p>All of the text</p>');
  });

  test('too many authors in a byline leave the byline out, not the article', () => {
    const by = Array.from({ length: 400 }, (_, index) => `A${index}`)
      .join(';')
      .slice(0, 2000);
    const people = Array.from({ length: 320 }, (_, index) => ({ rel: 'author', name: `Author ${index}` }));
    expect(warned(published(story({ people, genres: [] })))).toEqual(['article.people']);
    expect(warned(published(story({ by })))).toEqual(['article.by']);
  });
});

describe('withdrawals', () => {
  test.each(['article.unpublished', 'article.deleted'])(
    '%s needs only uri and versionCreated, and takes no harm from junk',
    (event) => {
      const accepted = version(
        accept(
          busEvent(event, {
            article: { uri: 'urn:x', versionCreated: '2026-05-01T12:00:00Z', headlines: { count: 3 }, subjects: 7 },
          }),
          'd',
        ),
      );
      expect(accepted.status).toBe('canceled');
      expect(accepted.content.article).toEqual({ uri: 'urn:x', versionCreated: '2026-05-01T12:00:00.000Z' });
    },
  );

  test('not usable by either the event or pubStatus is not usable', () => {
    expect(
      version(published({ uri: 'urn:x', versionCreated: '2026-05-01T12:00:00Z', pubStatus: 'withheld' })).status,
    ).toBe('withheld');
    expect(
      version(published({ uri: 'urn:x', versionCreated: '2026-05-01T12:00:00Z', pubStatus: 'canceled' })).status,
    ).toBe('canceled');
    expect(version(accept(busEvent('article.unpublished', { article: story() }), 'd')).status).toBe('canceled');
  });

  test('holds and erasures are no versions', () => {
    for (const kind of ['held', 'unheld', 'erased'] as const) {
      expect(
        accept(
          busEvent(`article.${kind}`, {
            article: { uri: 'urn:x', versionCreated: '2026-05-01T12:00:00Z' },
            actor: 'legal',
          }),
          'd',
        ),
      ).toMatchObject({
        kind: 'hold',
        hold: { kind, uri: 'urn:x', receivedAt: noon, actor: 'legal' },
      });
    }
  });
});

describe('an event to the letter', () => {
  const at = '2026-05-01T12:00:00.000Z';
  const judged = (type: string, detail: Record<string, unknown>, envelope: Record<string, unknown> = {}): Accepted =>
    accept(busEvent(type, detail, { id: 'event-7', ...envelope }), 'delivery');

  test('a version has what orders it, who sent it and why, and nothing else', () => {
    const article = { uri: 'urn:x', versionCreated: at, headlines: [{ value: 'The bridge' }] };
    expect(judged('article.updated', { article })).toEqual({
      kind: 'version',
      version: {
        articleId: articleIdOf('urn:x'),
        versionCreated: noon,
        revision: 0,
        receivedAt: noon,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        status: 'usable',
        origin: { correlationId: 'event-7' },
        content: { event: 'article.updated', article: { ...article, firstPublished: at }, markup: 1 },
      },
    });
    const whole = version(
      judged(
        'article.published',
        {
          article: { ...article, embargoedUntil: '2026-05-01T13:00:00+02:00' },
          path: '/news/../news/bridge/',
          revision: 3,
          actor: 'desk',
          reason: 'typo',
          receivedAt: noon + 5,
          correlationId: 'desk:7',
        },
        { 'replay-name': 'may' },
      ),
    );
    expect(whole).toMatchObject({
      revision: 3,
      receivedAt: noon + 5,
      embargoedUntil: noon - 3_600_000,
      origin: { correlationId: 'desk:7', replay: 'may' },
    });
    expect(whole.content).toMatchObject({ path: '/news/bridge', actor: 'desk', reason: 'typo' });
    expect(Object.keys(version(judged('article.published', { article })).content)).toEqual([
      'event',
      'article',
      'markup',
    ]);
    expect(version(judged('article.published', { article })).origin).toStrictEqual({ correlationId: 'event-7' });
    const reasoned = version(judged('article.published', { article, reason: 'typo' }));
    expect(Object.keys(reasoned.content)).toEqual(['event', 'article', 'markup', 'reason']);
  });

  test('sections are kept in the form of their feeds, and other subjects as they came', () => {
    const subjects = [
      { rel: 'section', literal: 'News/Local Affairs' },
      { rel: 'about', literal: 'As It Came' },
    ];
    expect(version(published(story({ subjects }))).content.article.subjects).toEqual([
      { rel: 'section', literal: 'news/local-affairs' },
      ...subjects.slice(1),
    ]);
    const bare = story();
    delete bare.subjects;
    expect('subjects' in version(published(bare)).content.article).toBe(false);
  });

  test('a picture has a hold, by the event’s time or the door’s', () => {
    const article = { uri: 'urn:p', type: 'picture', versionCreated: at };
    const hold = (detail: Record<string, unknown>, type = 'article.unpublished'): unknown => {
      const accepted = judged(type, detail);
      return accepted.kind === 'picture' ? accepted.hold : accepted;
    };
    expect(hold({ article })).toStrictEqual({
      articleId: `picture#${articleIdOf('urn:p')}`,
      uri: 'urn:p',
      receivedAt: noon,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      kind: 'held',
      origin: { correlationId: 'event-7' },
    });
    expect(hold({ article, receivedAt: noon + 9, reason: 'legal' }, 'article.unheld')).toMatchObject({
      receivedAt: noon + 9,
      reason: 'legal',
      kind: 'unheld',
    });
    expect(hold({ article, receivedAt: 'soon', reason: 7 })).toMatchObject({
      kind: 'refused',
      errors: [{ path: expect.any(String) as unknown }, { path: expect.any(String) as unknown }],
    });
  });

  test('a front is usable when it is published, else canceled, with no container that nobody gave', () => {
    const front = { name: 'home', versionCreated: at, containers: [{ title: 'Top', backfill: 'latest' }] };
    expect(judged('front.published', { front })).toEqual({
      kind: 'front',
      version: {
        articleId: 'front#home',
        versionCreated: noon,
        revision: 0,
        receivedAt: noon,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        status: 'usable',
        origin: { correlationId: 'event-7' },
        content: {
          event: 'front.published',
          front: { name: 'home', versionCreated: at, containers: [{ title: 'Top', backfill: 'latest' }] },
        },
      },
    });
    expect(
      judged('front.unpublished', { front: { name: 'home', versionCreated: at }, revision: 2, receivedAt: noon + 5 }),
    ).toMatchObject({
      version: { status: 'canceled', revision: 2, receivedAt: noon + 5, content: { front: { containers: [] } } },
    });
    expect(faults(judged('front.published', { front: { name: 'home', versionCreated: at } }))).toEqual([
      'front.containers',
    ]);
    expect(
      faults(
        judged('front.published', {
          front: { ...front, versionCreated: '2026-05-01T12:15:00.001Z' },
          receivedAt: noon,
        }),
      ),
    ).toEqual(['front.versionCreated']);
  });

  test('a refusal says whose it is, as far as that is known', () => {
    const refused = (article: unknown): unknown => {
      const accepted = judged('article.published', { article }, { source: 'cms' });
      return accepted.kind === 'refused' ? accepted.uri : accepted;
    };
    expect(judged('article.published', { article: { uri: 'urn:x' } }, { source: 'cms' })).toMatchObject({
      kind: 'refused',
      eventId: 'event-7',
      source: 'cms',
      time: noon,
      uri: 'urn:x',
      origin: { correlationId: 'event-7' },
    });
    expect(refused({ uri: `urn:${'x'.repeat(251)}` })).toBe(`urn:${'x'.repeat(251)}`);
    expect([
      refused({ uri: `urn:${'x'.repeat(252)}` }),
      refused({ uri: 7 }),
      refused({}),
      refused(null),
      refused('text'),
      refused(undefined),
    ]).toEqual(Array.from({ length: 6 }));
    expect(judged('article.published', {})).not.toHaveProperty('uri');
  });

  test('a claim that nobody redeemed is refused, whatever else it says', () => {
    expect(faults(judged('article.published', { claim: 'x', article: story() }))).toEqual(['claim']);
    expect(judged('article.published', { claim: 'x' })).toMatchObject({
      errors: [{ message: expect.stringContaining('claim check') as unknown }],
    });
  });

  test('an unknown kind of event is answered with those that there are', () => {
    expect(judged('article.burnt', { article: story() })).toMatchObject({
      errors: [
        {
          path: 'detail-type',
          message: expect.stringMatching(/article\.published.*article\.erased.*front\.published/) as unknown,
        },
      ],
    });
  });

  test('fields are named at once, those beside the article too, and each once', () => {
    expect(
      faults(
        judged('article.published', { article: { ...story(), urgency: 99 }, path: 7, revision: -1, receivedAt: 'x' }),
      ),
    ).toEqual(['revision', 'receivedAt']);
    for (const detail of [{ article: story({ uri: '' }) }, { article: story({ uri: ' ' }) }])
      expect(faults(judged('article.published', detail))).toHaveLength(1);
  });

  test('times count to the millisecond', () => {
    const created = (milliseconds: number): Record<string, unknown> => ({
      ...story(),
      versionCreated: new Date(noon + milliseconds).toISOString(),
    });
    expect(published(created(15 * 60_000)).kind).toBe('version');
    expect(faults(published(created(15 * 60_000 + 1)))).toEqual(['article.versionCreated']);
    expect(published(story(), { receivedAt: noon + 10_000 }).kind).toBe('version');
    const received = (receivedAt: number): string[] =>
      faults(accept(busEvent('article.published', { article: story(), receivedAt }, { time: at }), 'd'));
    expect([received(noon + 10_000), received(noon + 10_001)]).toEqual([[], ['receivedAt']]);
  });

  test('as many feeds as a story may stand in are taken', () => {
    const topics = (count: number): Accepted =>
      published({
        uri: 'urn:x',
        versionCreated: at,
        headlines: [{ value: 'x' }],
        subjects: Array.from({ length: count }, (_, n) => ({ rel: 'about', name: `topic ${n}` })),
      });
    // As the contract says; `latest` is one of them.
    const maxFeeds = 300;
    expect(version(topics(maxFeeds - 1)).content).not.toHaveProperty('warnings');
    const { article, warnings } = version(topics(maxFeeds)).content;
    expect(feedsOf(article)).toHaveLength(maxFeeds);
    expect(article.subjects?.at(-1)).toEqual({ rel: 'about', name: `topic ${maxFeeds - 2}` });
    expect(warnings).toEqual([
      { path: 'article.subjects', message: expect.stringContaining(`at most ${maxFeeds} feeds`) as unknown },
    ]);
  });

  test('what no row can take is refused, however well it may be compressed', () => {
    const random = (bytes: number): string => {
      let state = 7;
      return Array.from({ length: bytes }, () =>
        String.fromCharCode(33 + ((state = (state * 48_271) % 2_147_483_647) % 90)),
      )
        .join('')
        .replaceAll(/[<>&"\\]/g, 'x');
    };
    const body = (value: string): Accepted => published(story({ bodies: [{ contentType: 'text/plain', value }] }));
    expect(faults(body(random(900_000)))).toEqual(['article']);
    expect(body('x'.repeat(900_000)).kind).toBe('version');
  });

  test.each(['article.published', 'article.updated'])('%s is usable, unless it says otherwise', (type) => {
    const status = (pubStatus: Article['pubStatus']): unknown =>
      version(judged(type, { article: story({ pubStatus }) })).status;
    expect((['usable', 'withheld', 'canceled'] as const).map(status)).toEqual(['usable', 'withheld', 'canceled']);
    expect(faults(judged(type, { article: story({ headlines: [] }) }))).toEqual(['article.headlines']);
  });

  test('limits are what they say, to the character', () => {
    const section = (length: number): string[] =>
      warned(published(story({ subjects: [{ rel: 'section', literal: `news/${'x'.repeat(length - 5)}` }] })));
    expect([section(64 + 5), section(5 + 65)]).toEqual([[], []]);
    const deep = (last: number): string[] =>
      warned(
        published(story({ subjects: [{ rel: 'section', literal: ['x'.repeat(60), 'y'.repeat(last)].join('/') }] })),
      );
    expect([deep(39), deep(40)]).toEqual([[], ['article.subjects.0.literal']]);
    expect(
      warned(
        published(
          story({ subjects: [{ rel: 'about', name: 'x', literal: ['x'.repeat(60), 'y'.repeat(60)].join('/') }] }),
        ),
      ),
    ).toEqual([]);
    expect(published(story({ uri: `urn:${'x'.repeat(251)}` })).kind).toBe('version');
    expect(faults(published(story({ uri: `urn:${'x'.repeat(252)}` })))).toEqual(['article.uri']);
    // In JSON, a quotation mark takes two bytes.
    expect(faults(published(story({ uri: `urn:${'x'.repeat(250)}"` })))).toEqual(['article.uri']);
    const created = (versionCreated: string): string[] => faults(published(story({ versionCreated })));
    expect([created('1970-01-01T00:00:00Z'), created('1969-12-31T23:59:59Z')]).toEqual([
      [],
      ['article.versionCreated'],
    ]);
  });

  test('what is no item at all is refused, whatever is to be done with it', () => {
    for (const type of ['article.published', 'article.held'])
      for (const article of ['picture', 7, null, undefined, ['picture'], []])
        expect(faults(judged(type, { article }))).not.toEqual([]);
  });

  test('an address is one of the web, from its first letter on', () => {
    const linked = (href: string): unknown =>
      version(
        published(
          story({
            associations: [{ uri: 'urn:p', type: 'picture', renditions: [{ href, contentType: 'image/jpeg' }] }],
          }),
        ),
      ).content.article.associations?.[0]?.renditions?.[0]?.href;
    const kept = ['http://x.example/1.jpg', 'https://x.example/1.jpg', 'HTTPS://x.example/1.jpg'];
    expect(kept.map(linked)).toEqual(kept);
    expect(
      ['xhttp://x.example/1.jpg', 'httpx://x.example', '/1.jpg', ''].map(
        (href) =>
          faults(published(story({ associations: [{ uri: 'urn:p', type: 'picture', renditions: [{ href }] }] })))
            .length > 0 || linked(href) === undefined,
      ),
    ).toEqual([true, true, true, true]);
  });
});
