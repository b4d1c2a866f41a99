import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ArticleAnnouncement } from '../../shared/events/announcement.ts';
import {
  dayOf,
  daysBetween,
  continueJob,
  instantOf,
  keptOf,
  listCursorIn,
  listCursorText,
  listedChangeOf,
  overlapMilliseconds,
  positionOf,
  startOf,
  type ListedRow,
} from '../../shared/feed/listed-change.ts';
import { parameterValues } from '../../shared/site/routes.ts';
import { noon } from './story.ts';

const articleId = 'abcdefghijklmno2';
const announcement = (feeds: readonly string[]): ArticleAnnouncement =>
  ({
    type: 'article.live',
    detail: {
      id: 'i',
      schemaVersion: 1,
      articleId,
      uri: 'urn:a',
      seq: noon,
      headline: 'The bridge',
      path: '/news/bridge',
      pathClash: '/p',
      warnings: [{ path: 'article.by', message: 'm' }],
      feeds,
      leftFeeds: ['topic/left'],
      correlationId: 'c',
    },
  }) as unknown as ArticleAnnouncement;
const change = listedChangeOf(announcement([]));
const row = (at: number): ListedRow => ({ position: positionOf(at, change), change });

describe('what the list keeps of an announcement', () => {
  test('is nothing that a person wrote', () => {
    expect(listedChangeOf(announcement(['latest', 'section/news']))).toStrictEqual({
      type: 'article.live',
      detail: {
        id: 'i',
        schemaVersion: 1,
        articleId,
        uri: 'urn:a',
        seq: noon,
        feeds: ['latest', 'section/news'],
        leftFeeds: ['topic/left'],
        correlationId: 'c',
      },
    });
    const { leftFeeds, ...withoutLeft } = announcement(['latest']).detail as { leftFeeds?: readonly string[] };
    expect(
      'leftFeeds' in listedChangeOf({ type: 'article.live', detail: withoutLeft } as ArticleAnnouncement).detail,
    ).toBe(false);
  });

  test('is nothing that is added to an announcement later, whatever it is called', () => {
    const { type, detail } = announcement(['latest']);
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }),
          fc.constantFrom('Harbour words', ['Harbour words'], { nested: 'Harbour words' }),
          { minKeys: 1 },
        ),
        (added) => {
          const { feeds, leftFeeds, uri, ...ids } = detail;
          const named = Object.fromEntries(Object.entries(added).filter(([name]) => !(name in detail)));
          const kept = listedChangeOf({ type, detail: { ...named, ...detail } });
          expect(JSON.stringify(kept)).not.toContain('Harbour words');
          expect(kept.detail).toMatchObject({ feeds, leftFeeds, uri, id: ids.id, seq: ids.seq });
          expect(keptOf({ ...named, ...detail })).toEqual(kept.detail);
        },
      ),
    );
  });

  test('leaves the feeds out where it would be two write units', () => {
    const bytes = (feeds: readonly string[]): number =>
      Buffer.byteLength(JSON.stringify(listedChangeOf(announcement(feeds))));
    const empty = bytes(['']);
    expect(bytes(['x'.repeat(820 - empty)])).toBe(820);
    const { detail } = listedChangeOf(announcement(['x'.repeat(821 - empty)]));
    expect([detail.feeds, 'leftFeeds' in detail, detail.uri]).toEqual([undefined, false, 'urn:a']);
  });
});

describe('where a change stands', () => {
  test('is by instant, then by seq', () => {
    expect(positionOf(noon, change)).toBe(`${noon}#000${noon}#${articleId}`);
    expect(startOf(5)).toBe('0000000000005');
    expect(startOf(-5)).toBe('0000000000000');
    expect(instantOf(positionOf(7, change))).toBe(7);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (one, other) => {
        expect(Math.sign(one - other)).toBe(
          positionOf(one, change) < positionOf(other, change) ? -1 : one === other ? 0 : 1,
        );
        expect(positionOf(one, change) > startOf(one)).toBe(true);
      }),
    );
  });

  test('is in the days from one instant to another, in UTC', () => {
    expect(dayOf(noon)).toBe('2026-05-01');
    expect(daysBetween(noon, noon)).toEqual(['2026-05-01']);
    expect(daysBetween(noon, Date.parse('2026-05-03T00:00:00Z'))).toEqual(['2026-05-01', '2026-05-02', '2026-05-03']);
    expect(daysBetween(Date.parse('2026-05-01T23:59:59Z'), Date.parse('2026-05-02T00:00:00Z'))).toEqual([
      '2026-05-01',
      '2026-05-02',
    ]);
    expect(daysBetween(noon, noon - 86_400_000)).toEqual([]);
  });
});

describe('a cursor', () => {
  const position = positionOf(noon, change);

  test('comes back as it was given out', () => {
    expect(listCursorIn(listCursorText({ position }), noon)).toStrictEqual({ position });
    expect(listCursorIn(listCursorText({ position, floor: 12 }), noon)).toStrictEqual({ position, floor: 12 });
  });

  test.each([
    ['', ''],
    ['text of no cursor', 'noon'],
    ['something before', `0${position}`],
    ['something behind', `${position}~12x`],
    ['an instant that is none', position.replace('1', 'x')],
    ['a floor with zeros before', `${position}~012`],
    ['a floor too long', `${position}~${'1'.repeat(17)}`],
    ['no floor', `${position}~`],
    ['a floor further behind the place than a walk begins before it', `${position}~${noon + overlapMilliseconds + 1}`],
    ['a place that lies ahead', positionOf(noon + overlapMilliseconds + 1, change)],
    [
      'a change that lies ahead',
      positionOf(noon, { ...change, detail: { ...change.detail, seq: noon + 2 * 86_400_000 } }),
    ],
  ])('is none with %s', (_, text) => {
    expect(listCursorIn(Buffer.from(text).toString('base64url'), noon)).toBeUndefined();
  });

  test('fits what the cache lets through', () => {
    expect(listCursorText({ position: positionOf(9_999_999_999_999, change), floor: 9_999_999_999_999 })).toMatch(
      parameterValues.after,
    );
  });

  test('is none in another spelling', () => {
    expect(listCursorIn(`${listCursorText({ position })}=`, noon)).toBeUndefined();
  });
});

describe('where to go on', () => {
  const long = noon - overlapMilliseconds;
  const since = noon - 10 * overlapMilliseconds;
  const [old, fresh] = [row(long), row(long + 1)];

  test('is behind the last row, as long as there is more', () => {
    expect(continueJob({ since, after: undefined }, { rows: [row(since), old], more: true }, noon)).toStrictEqual({
      since,
      after: { position: old.position, floor: undefined },
    });
  });

  test('is marked by the first page that may have had gaps', () => {
    expect(continueJob({ since, after: undefined }, { rows: [old, fresh], more: true }, noon)).toStrictEqual({
      since,
      after: { position: fresh.position, floor: long + 1 },
    });
    // A clock that is ahead marks no later instant than now.
    const ahead = row(noon + 5000);
    expect(continueJob({ since, after: undefined }, { rows: [ahead], more: true }, noon)).toStrictEqual({
      since,
      after: { position: ahead.position, floor: noon },
    });
    expect(
      continueJob({ since, after: { position: old.position, floor: 77 } }, { rows: [fresh], more: true }, noon),
    ).toStrictEqual({ since, after: { position: fresh.position, floor: 77 } });
    expect(continueJob({ since: noon - 5, after: undefined }, { rows: [old], more: true }, noon)).toStrictEqual({
      since: noon - 5,
      after: { position: old.position, floor: noon - 5 },
    });
  });

  test('is an instant at the end: where it was marked, else the last row', () => {
    expect(continueJob({ since, after: undefined }, { rows: [old], more: false }, noon)).toStrictEqual({ since: long });
    expect(continueJob({ since, after: undefined }, { rows: [], more: false }, noon)).toStrictEqual({ since });
    expect(continueJob({ since, after: undefined }, { rows: [], more: true }, noon)).toStrictEqual({ since });
    expect(continueJob({ since, after: { position: old.position } }, { rows: [], more: false }, noon)).toStrictEqual({
      since: long,
    });
    expect(
      continueJob({ since, after: { position: old.position, floor: 77 } }, { rows: [fresh], more: false }, noon),
    ).toStrictEqual({ since: 77 });
    expect(continueJob({ since: noon, after: undefined }, { rows: [old], more: false }, noon)).toStrictEqual({
      since: noon,
    });
  });
});
