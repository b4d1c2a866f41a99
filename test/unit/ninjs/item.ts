import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { forReaders } from '../../../shared/article/ninjs.ts';
import { allTables, item, issues } from './reading.ts';

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
