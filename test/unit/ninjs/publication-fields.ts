import { describe, expect, test } from '@jest/globals';
import { forReaders, readNinjs } from '../../../shared/article/ninjs.ts';

describe('fields that may say when an item must be shown', () => {
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
