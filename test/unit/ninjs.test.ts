import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { forReaders, readNinjs } from '../../shared/article/ninjs.ts';
import { shape, tables, type Entry, type Kind, type Property, type Table } from '../../shared/article/ninjs-tables.ts';

/** The property lists of IPTC's schemas, by version and by path; `*` is any name or ending, `<item>` a whole item again. */
const lists = JSON.parse(readFileSync(new URL('../fixtures/ninjs-properties.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, string>
>;

const allTables: readonly Table[] = Object.values(tables);

interface Listed {
  readonly version: string;
  readonly path: string;
  readonly name: string;
}

function listed(): Listed[] {
  return Object.entries(lists).flatMap(([version, paths]) =>
    Object.entries(paths).flatMap(([path, names]) => names.split(' ').map((name) => ({ version, path, name }))),
  );
}

function tableOf(version: string): Table {
  const [major = ''] = version.split('.');
  return major === '1' ? tables['1'] : major === '2' ? tables['2'] : tables['3'];
}

/** The entry of a property, and the kind of its value; `leftOut` if a property above it is. */
function walked(version: string, path: string): { readonly kind: Kind | undefined; readonly leftOut: boolean } {
  let kind: Kind | undefined = 'item';
  for (const step of path === '' ? [] : path.split('/')) {
    if (step === '*') continue;
    const entry: Entry | undefined = kind && tableOf(version)[kind]?.[step];
    if (entry === undefined) throw new Error(`${version} ${path}: no entry of ${step}`);
    if (typeof entry === 'object' && 'leftOut' in entry) return { kind: undefined, leftOut: true };
    const property: Property | undefined = kind && shape[kind][typeof entry === 'string' ? entry : entry.to];
    kind = property?.holds;
  }
  return { kind, leftOut: false };
}

describe('the tables of ninjs', () => {
  test.each(Object.keys(lists))('%s: every property of the schema is mapped, or left out with a reason', (version) => {
    const missing = listed()
      .filter((property) => property.version === version && property.name !== '*' && property.name !== '<item>')
      .filter(({ path, name }) => {
        const { kind, leftOut } = walked(version, path);
        return !leftOut && (kind === undefined || tableOf(version)[kind]?.[name] === undefined);
      });
    expect(missing).toEqual([]);
  });

  test.each(['1', '2', '3'] as const)('%s.x: every entry is a property of some version’s schema', (major) => {
    const known = new Set(
      listed()
        .filter(({ version }) => version.startsWith(`${major}.`))
        .flatMap(({ version, path, name }) => {
          const { kind } = walked(version, path);
          return kind === undefined ? [] : [`${kind} ${name}`];
        }),
    );
    const entries = Object.entries(tables[major]).flatMap(([kind, names]) =>
      Object.keys(names).map((name) => `${kind} ${name}`),
    );
    // 1.x has no uri and no literal of concepts; the mapped item has both.
    const own = major === '1' ? ['concept uri', 'concept literal'] : major === '2' ? ['item name'] : [];
    // GeoJSON is a standard of its own, which the lists do not cover.
    expect(entries.filter((entry) => !known.has(entry) && !own.includes(entry) && !entry.endsWith('GeoJSON'))).toEqual(
      [],
    );
  });

  test('map only to names of 3.1', () => {
    for (const table of allTables)
      for (const [kind, names] of Object.entries(table) as [Kind, Record<string, Entry>][])
        for (const entry of Object.values(names)) {
          if (typeof entry === 'object' && 'leftOut' in entry) expect(entry.leftOut).not.toBe('');
          else expect(Object.keys(shape[kind])).toContain(typeof entry === 'string' ? entry : entry.to);
        }
  });

  test('give each name one meaning in all versions, so that all can be read together', () => {
    const meanings = new Map<string, Set<string>>();
    for (const table of allTables)
      for (const [kind, names] of Object.entries(table))
        for (const [name, entry] of Object.entries(names)) {
          const key = `${kind} ${name.toLowerCase()}`;
          const to = typeof entry === 'string' ? entry : 'leftOut' in entry ? '' : entry.to;
          meanings.set(key, (meanings.get(key) ?? new Set()).add(to));
        }
    expect([...meanings].filter(([, to]) => to.size > 1)).toEqual([]);
  });
});

const item = (value: unknown): unknown => readNinjs(value).item;
const issues = (value: unknown): string[] => readNinjs(value).issues.map(({ path }) => path);

describe('an item of ninjs', () => {
  test('2.x gets the names of 3.1 at any depth, and loses unknown fields and nulls', () => {
    expect(
      item({
        versioncreated: 1,
        PUBSTATUS: 2,
        cmsField: 3,
        by: null,
        associations: [{ embargoed: 'x', headlines: [{ contenttype: 'a', foo: 1 }], bodies: null }, null],
      }),
    ).toStrictEqual({
      versionCreated: 1,
      pubStatus: 2,
      associations: [{ embargoedUntil: 'x', headlines: [{ contentType: 'a' }] }, null],
    });
  });

  test('1.x is read in full', () => {
    const concept = { name: 'Rowing', rel: 'about', scheme: 'http://cv.example/sport/', code: '42' };
    const named = { name: 'Rowing', rel: 'about', uri: 'http://cv.example/sport/42', literal: '42' };
    expect(
      item({
        $standard: { version: '1.4' },
        uri: 'urn:wire:1',
        mimetype: 'image/jpeg',
        representationtype: 'incomplete',
        embargoed: '2030-01-01T00:00:00Z',
        headline: 'Main',
        headline_seo: 'Found',
        description_text: 'Below.',
        description_caption_html: '<p>c</p>',
        body_text: 'Text',
        body_html: '<p>Text</p>',
        body_html_short: '<p>T</p>',
        byline: 'Mia Stone',
        charcount: 4,
        person: [concept],
        organisation: [
          { name: 'Oars', code: 'O', symbols: [{ ticker: 'OAR', exchange: 'X' }], contactinfo: [{ value: '1' }] },
        ],
        place: [{ name: 'Port', geometry_geojson: { type: 'Point' }, geometry_wkt: { a: 1 } }],
        subject: [{ ...concept, scheme: 'http://cv.example/sport' }],
        event: [{ name: 'Regatta', code: 'R', scheme: 'own' }],
        object: [concept],
        infosource: [{ ...concept, rel: 'author' }],
        genre: [{ code: 'Feature', scheme: 'http://cv.example/genre#' }],
        trustindicator: [
          { scheme: 'http://cv.example/trust/', code: 'ethics', title: 'Ethics', href: 'https://a.example/' },
        ],
        altids: { own: 7, other: 'x' },
        ednote: 'Confidential',
        renditions: { original: { href: 'https://a.example/1', sizeinbytes: 3 }, none: null },
        associations: {
          lead: { type: 'picture', embargoed: 'z', associations: { inner: { pubstatus: 'canceled' } } },
          all: [{ type: 'video' }],
        },
      }),
    ).toStrictEqual({
      uri: 'urn:wire:1',
      representationType: 'partial',
      embargoedUntil: '2030-01-01T00:00:00Z',
      headlines: [
        { role: 'main', contentType: 'text/plain', value: 'Main' },
        { role: 'seo', contentType: 'text/plain', value: 'Found' },
      ],
      descriptions: [
        { role: 'standfirst', contentType: 'text/plain', value: 'Below.' },
        { role: 'caption', contentType: 'text/html', value: '<p>c</p>' },
      ],
      bodies: [
        { role: 'main', contentType: 'text/html', value: '<p>Text</p>' },
        { role: 'short', contentType: 'text/html', value: '<p>T</p>' },
      ],
      by: 'Mia Stone',
      people: [named],
      organisations: [{ name: 'Oars', literal: 'O', symbols: [{ symbol: 'OAR', exchange: 'X' }] }],
      places: [{ name: 'Port', geoJSON: { type: 'Point' } }],
      subjects: [named],
      events: [{ name: 'Regatta', literal: 'R' }],
      objects: [named],
      infoSources: [{ role: 'author', name: 'Rowing', uri: 'http://cv.example/sport/42', literal: '42' }],
      genres: [{ literal: 'Feature', uri: 'http://cv.example/genre#Feature' }],
      trustIndicators: [{ role: 'http://cv.example/trust/ethics', title: 'Ethics', href: 'https://a.example/' }],
      altIds: [
        { role: 'own', value: '7' },
        { role: 'other', value: 'x' },
      ],
      renditions: [{ contentType: 'image/jpeg', name: 'original', href: 'https://a.example/1', sizeInBytes: 3 }],
      associations: [
        {
          name: 'lead',
          type: 'picture',
          embargoedUntil: 'z',
          associations: [{ name: 'inner', pubStatus: 'canceled' }],
        },
        { name: 'all', type: 'video' },
      ],
    });
  });

  test('of mixed versions or misspelt names loses nothing', () => {
    expect(
      item({
        standard: { name: 'ninjs', version: '3.1' },
        embargoed: 'a',
        guid: 'urn:b',
        uri: 'urn:a',
        headlines: [{ value: 'h' }],
        headline: 'H',
        byline: 'B',
      }),
    ).toEqual({ embargoedUntil: 'a', uri: 'urn:a', headlines: [{ value: 'h' }], by: 'B' });
  });

  test('loses contacts, notes and plans of the desk at any depth', () => {
    const text = JSON.stringify(
      item({
        edNote: 'secret',
        descriptions: [
          { role: 'edNote', value: 'secret' },
          { role: 'Note to editors', value: 'secret' },
          { role: 'summary', value: 'open' },
        ],
        description_ednote: 'secret',
        plannedCoverage: [{ title: 'secret', edNote: 'secret' }],
        eventDetails: {
          plannedCoverageStatus: 'secret',
          organiser: { name: 'open', contactInfo: [{ value: 'secret' }] },
        },
        people: [{ name: 'open', contactInfo: [{ value: 'secret' }], contactinfo: [{ value: 'secret' }] }],
        associations: [{ ednote: 'secret', infoSources: [{ contactInfo: [{ value: 'secret' }] }] }],
        renditions: [{ name: 'open', extensions: { 'mirror:eu': 'secret' } }],
      }),
    );
    expect(text).not.toContain('secret');
    expect(text.match(/open/g)).toHaveLength(4);
  });

  test('keeps geoJSON unchanged', () => {
    expect(item({ places: [{ geojson: { type: 'Point', bbox: null, Properties: { x: null } } }] })).toStrictEqual({
      places: [{ geoJSON: { type: 'Point', bbox: null, Properties: { x: null } } }],
    });
  });

  test.each([1, 'x', null, true])('that is %j stays as it is', (value) => {
    expect(item(value)).toBe(value);
  });

  test.each([
    ...[
      'embargo',
      'embargoed_until',
      'embargo_date',
      'embargoDate',
      'Embargoed-Until',
      'embargoUntil',
      'holdUntil',
      'publish_at',
      'not_before',
    ],
    ...['expiry', 'expires_at', 'expiryDate', 'expiration', 'unpublish_at', 'validUntil'],
    ...['status', 'pub_status', 'publicationStatus', 'publishState', 'pubstat'],
  ])('with a name like %s, nearly one that decides when it is shown, has an issue at any depth', (name) => {
    expect(issues({ [name]: '2030-01-01T00:00:00Z' })).toEqual([name]);
    expect(issues({ associations: [{}, { associations: { lead: { [name]: 1 } } }] })).toEqual([
      `associations.1.associations.0.${name}`,
    ]);
    expect(issues({ [name]: null })).toEqual([]);
  });

  test.each([
    'embargoed',
    'embargoedUntil',
    'expires',
    'pubStatus',
    'pubstatus',
    'copyrightHolder',
    'cmsField',
    'source',
    'state_of_play',
  ])('may have a field named %s', (name) => {
    expect(issues({ [name]: 'x' })).toEqual([]);
  });

  test('has an issue if two spellings have different values, and none if they have the same', () => {
    expect(issues({ embargoed: '2030-01-01T00:00:00Z', embargoedUntil: '2020-01-01T00:00:00Z' })).toEqual([
      'embargoedUntil',
    ]);
    expect(issues({ associations: [{ pubstatus: 'usable', pubStatus: 'canceled' }] })).toEqual([
      'associations.0.pubStatus',
    ]);
    expect(issues({ embargoed: '2030-01-01T00:00:00+0000', embargoedUntil: '2030-01-01T00:00:00Z' })).toEqual([]);
  });

  const names = [...new Set(allTables.flatMap((table) => Object.values(table).flatMap((of) => Object.keys(of))))];
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.string(),
      fc.constant(null),
      fc.integer(),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('any'), { maxLength: 3 }),
    object: fc.dictionary(fc.constantFrom(...names.map((name) => name.replace('*', 'html'))), tie('any'), {
      maxKeys: 6,
    }),
  })).any;

  test('is unchanged when read again, and forReaders leaves no field of the desk', () => {
    fc.assert(
      fc.property(value, (given) => {
        const once = item(given);
        expect(item(once)).toStrictEqual(once);
        expect(JSON.stringify(forReaders([once]))).not.toMatch(
          /"(?:edNote|ednote|contactInfo|contactinfo|plannedCoverage)":/,
        );
      }),
    );
  });
});

describe('fields for readers', () => {
  test('are on a list, at any depth', () => {
    expect(
      forReaders({
        uri: 'urn:a',
        edNote: 'secret',
        firstPublished: 'internal',
        invented: 'secret',
        title: { contactInfo: 'secret' },
        people: [{ name: 'open', contactInfo: [{ value: 'secret' }] }],
        places: [{ geoJSON: { type: 'Point', coordinates: [1, 2] } }],
        associations: [{ rel: 'open', associations: [{ edNote: 'secret', by: 'open' }] }],
        renditions: [{ name: 'audio', href: '/a', contentType: 'audio/mpeg', sizeInBytes: 1, duration: 2 }],
      }),
    ).toEqual({
      uri: 'urn:a',
      people: [{ name: 'open' }],
      places: [{ geoJSON: { type: 'Point', coordinates: [1, 2] } }],
      associations: [{ rel: 'open', associations: [{ by: 'open' }] }],
      renditions: [{ name: 'audio', href: '/a', contentType: 'audio/mpeg', sizeInBytes: 1, duration: 2 }],
    });
  });
});

describe('input that intake once accepted by mistake', () => {
  const item = (more: object): Record<string, unknown> => ({ uri: 'urn:n:1', headlines: [{ value: 'H' }], ...more });

  test.each([
    [
      'in a rendition',
      { renditions: [{ href: 'https://x.example/a.jpg', embargoed: '2030-01-01T00:00:00Z' }] },
      'renditions.0.embargoed',
    ],
    ['in an extension', { itemMeta: { embargoed: '2030-01-01T00:00:00Z' } }, 'itemMeta.embargoed'],
    [
      'deep in an extension',
      { schedule_settings: { a: [{ utc_embargo: '2030-01-01T00:00:00Z' }] } },
      'schedule_settings.a.0.utc_embargo',
    ],
    ['in a body', { bodies: [{ value: 'x', embargoedUntil: '2030-01-01T00:00:00Z' }] }, 'bodies.0.embargoedUntil'],
    ['as a date of release', { release_date: '2030-01-01T00:00:00Z' }, 'release_date'],
  ])('an embargo %s is rejected by its path', (_, more, path) => {
    expect(readNinjs(item(more)).issues.map((issue) => issue.path)).toEqual([path]);
  });

  test('an extension without an embargo has no issue', () => {
    expect(readNinjs(item({ extra: { embargo: null, embargoed: false, utc_embargo: '' } })).issues).toEqual([]);
  });

  const received = Date.parse('2026-05-01T12:00:00Z');
  const [past, soon, ahead] = ['2026-04-30T12:00:00Z', '2026-05-01T12:14:00Z', '2026-05-01T12:16:00Z'];
  const pathsOf = (more: Record<string, unknown>): string[] =>
    readNinjs(item(more), received).issues.map(({ path }) => path);
  const names =
    'publishDate publish_date publicationDate pubDate releasedAt datePublished first_publish_date scheduled publishedAt goLiveTime'.split(
      ' ',
    );

  test.each(names)('%s is an issue if it is in the future or cannot be read', (name) => {
    for (const value of [
      ahead,
      '2026-05-02',
      '1 May 2027',
      Date.parse(ahead),
      Date.parse(ahead) / 1000,
      'tomorrow',
      true,
    ])
      expect([value, pathsOf({ [name]: value })]).toEqual([value, [name]]);
    for (const value of [past, soon, '2026-04-30', Date.parse(past), Date.parse(past) / 1000, null, false, ''])
      expect([value, pathsOf({ [name]: value })]).toEqual([value, []]);
  });

  test('a future date and time under an unknown name of the item is an issue; deeper it depends on the name', () => {
    expect(pathsOf({ visible: ahead })).toEqual(['visible']);
    expect(pathsOf({ extra: { web: [{ published_at: '2026-05-01 14:00:00' }] } })).toEqual([
      'extra.web.0.published_at',
    ]);
    expect(pathsOf({ associations: [{ type: 'picture', shown: ahead }] })).toEqual(['associations.0.shown']);
    expect(pathsOf({ extra: { kick_off: ahead }, subjects: [{ name: 'Cup final', starts: ahead }] })).toEqual([]);
    expect(pathsOf({ extra: { 'é.\n': { published_at: ahead } } })).toEqual(['extra._.published_at']);
    expect(pathsOf({ visible: past, extra: { publication: 'The Herald', publisher: 'x', released: 'no' } })).toEqual(
      [],
    );
    expect(pathsOf({ embargoedUntil: ahead, expires: ahead })).toEqual([]);
  });

  const nearlyEmbargoes = 'publishAt publish_on release_date goLive availableFrom validFrom notBefore sperrfrist'.split(
    ' ',
  );

  test.each([...names, ...nearlyEmbargoes])('%s is an issue at any depth of fields that are dropped', (name) => {
    const places: ((held: object) => [Record<string, unknown>, string])[] = [
      (held) => [{ meta: held }, 'meta'],
      (held) => [{ meta: { a: [held] } }, 'meta.a.0'],
      (held) => [{ bodies: [{ value: 'x', ...held }] }, 'bodies.0'],
      (held) => [{ headlines: [{ value: 'H', ...held }] }, 'headlines.0'],
      (held) => [{ headlines: [{ value: held }] }, 'headlines.0.value'],
      (held) => [{ usageTerms: held }, 'usageTerms'],
      (held) => [{ standard: held }, 'standard'],
      (held) => [{ renditions: [{ ...held }] }, 'renditions.0'],
      (held) => [{ associations: [{ renditions: [{ extensions: held }] }] }, 'associations.0.renditions.0.extensions'],
    ];
    for (const place of places) {
      const [more, path] = place({ [name]: ahead });
      expect(pathsOf(more)).toEqual([`${path}.${name}`]);
      const [earlier] = place({ [name]: past });
      expect(pathsOf(earlier)).toEqual([]);
    }
    expect(pathsOf({ plannedCoverage: [{ planning: { [name]: ahead } }] })).toEqual([]);
  });

  test.each([
    ['compact', '20260502T120000Z'],
    ['in lower case', ahead.toLowerCase()],
    ['of RFC 822', 'Sat, 02 May 2026 18:00:00 GMT'],
  ])('a future date and time, %s, is an issue under any unknown name of the item', (_, value) => {
    expect(pathsOf({ visible: value })).toEqual(['visible']);
    expect(pathsOf({ pubDate: value })).toEqual(['pubDate']);
    const earlier = value.replace('2026', '2025');
    expect(pathsOf({ visible: earlier, pubDate: earlier })).toEqual([]);
  });

  test.each([
    [20_270_501],
    [20_260_401],
    [202_705_011_200],
    ['01.12.2026 18:00'],
    ['May 2'],
    [{ date: '2026-05-02', time: '18:00' }],
    [{ seconds: Date.parse(ahead) / 1000 }],
    [{ value: past }],
    [[2027, 5, 1]],
    [[ahead]],
  ])('a time of publication of %j is an issue, because it cannot be read', (value) => {
    expect(pathsOf({ pubDate: value })).toEqual(['pubDate']);
    expect(pathsOf({ extra: { pubDate: value } })).toEqual(['extra.pubDate']);
  });

  test('a time of publication that is past or empty is no issue in any form', () => {
    for (const pubDate of [[past], [], {}, 0, 'Thu, 30 Apr 2026 12:00:00 +0200', '30 April 2026', '20260430T120000'])
      expect([pubDate, pathsOf({ pubDate, extra: { pubDate } })]).toEqual([pubDate, []]);
    expect(pathsOf({ extra: { schedule: { starts: ahead } }, scheduled: [{ publishAt: past }] })).toEqual([]);
  });

  test.each([
    [{ schedule: { starts: ahead } }, 'schedule.starts'],
    [{ dates: [ahead] }, 'dates.0'],
    [{ release: { window: [{ from: ahead }] } }, 'release.window.0.from'],
    [{ extra: { publish: { at: ahead } } }, 'extra.publish.at'],
    [{ schedule_settings: { utc_publish_schedule: ahead } }, 'schedule_settings.utc_publish_schedule'],
    [{ extra: { scheduled_publish_time: Date.parse(ahead) / 1000 } }, 'extra.scheduled_publish_time'],
    [{ extra: { 'dcterms:available': ahead } }, 'extra.dctermsavailable'],
    [{ extra: { heldUntil: ahead } }, 'extra.heldUntil'],
    [{ extra: { post_date: ahead } }, 'extra.post_date'],
  ])('a future time under a name of publication is an issue: %j', (more, path) => {
    expect(pathsOf(more)).toEqual([path]);
  });

  test.each([
    'editornote',
    'editor_note',
    "editor's note",
    'note',
    'advisory',
    'special_instructions',
    'memo',
    'internalcomment',
    'editors',
    'Note to editors',
    'slugnote',
  ])('a text of role %s is dropped', (role) => {
    const read = readNinjs(
      item({
        bodies: [
          { role, value: 'CALL FIRST' },
          { role: 'main', value: 'real' },
        ],
        descriptions: [{ role, value: 'CALL FIRST' }],
      }),
    ).item;
    expect(JSON.stringify(read)).not.toContain('CALL FIRST');
    expect(JSON.stringify(read)).toContain('real');
  });

  test.each(['footnotes', 'main', 'standfirst', 'summary', 'correction', 'editorial'])(
    'a text of role %s is kept',
    (role) => {
      expect(JSON.stringify(readNinjs(item({ bodies: [{ role, value: 'TEXT' }] })).item)).toContain('TEXT');
    },
  );

  test.each([undefined, 'text', 'Text', 'composite', 'news', 'component', 'planning', 'event'])(
    'another item of type %s is kept by name only, at any depth',
    (type) => {
      const secret = {
        uri: 'urn:n:2',
        ...(type !== undefined && { type }),
        name: 'next',
        headlines: [{ value: 'SECRET' }],
        bodies: [{ value: 'SECRET' }],
        renditions: [{ href: 'https://x.example/SECRET' }],
        associations: [{ type: 'picture', headlines: [{ value: 'SECRET' }] }],
      };
      const named = { uri: 'urn:n:2', ...(type !== undefined && { type }), name: 'next' };
      const media = ['picture', 'graphic', 'video', 'audio'].map((of) => ({
        type: of,
        uri: 'urn:p:1',
        headlines: [{ value: 'alt' }],
      }));
      expect(
        forReaders({
          ...item({}),
          associations: [secret, ...media.map((one) => ({ ...one, associations: [secret] }))],
        }),
      ).toEqual({ ...item({}), associations: [named, ...media.map((one) => ({ ...one, associations: [named] }))] });
    },
  );
});
