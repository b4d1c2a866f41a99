import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ArticleAnnouncement } from '../../shared/events/announcement.ts';
import {
  dayOf,
  daysBetween,
  cursorAfter,
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

describe('a listed change', () => {
  test('has no text that a person wrote', () => {
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

  test('has no field that is added to announcements later', () => {
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

  test('leaves out the feeds if it would take two write units', () => {
    const bytes = (feeds: readonly string[]): number =>
      Buffer.byteLength(JSON.stringify(listedChangeOf(announcement(feeds))));
    const empty = bytes(['']);
    expect(bytes(['x'.repeat(820 - empty)])).toBe(820);
    const { detail } = listedChangeOf(announcement(['x'.repeat(821 - empty)]));
    expect([detail.feeds, 'leftFeeds' in detail, detail.uri]).toEqual([undefined, false, 'urn:a']);
  });
});

describe('the position of a change', () => {
  test('is ordered by instant, then by seq', () => {
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

  test('is in one of the days between two instants, in UTC', () => {
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

  test('is read as it was written', () => {
    expect(listCursorIn(listCursorText({ position }), noon)).toStrictEqual({ position });
    expect(listCursorIn(listCursorText({ position, floor: 12 }), noon)).toStrictEqual({ position, floor: 12 });
  });

  test.each([
    ['', ''],
    ['text of no cursor', 'noon'],
    ['something before', `0${position}`],
    ['something behind', `${position}~12x`],
    ['an invalid instant', position.replace('1', 'x')],
    ['a floor with zeros before', `${position}~012`],
    ['a floor too long', `${position}~${'1'.repeat(17)}`],
    ['no floor', `${position}~`],
    ['a floor further from the position than pages overlap', `${position}~${noon + overlapMilliseconds + 1}`],
    ['a position in the future', positionOf(noon + overlapMilliseconds + 1, change)],
    [
      'a change in the future',
      positionOf(noon, { ...change, detail: { ...change.detail, seq: noon + 2 * 86_400_000 } }),
    ],
  ])('is rejected with %s', (_, text) => {
    expect(listCursorIn(Buffer.from(text).toString('base64url'), noon)).toBeUndefined();
  });

  test('fits the parameter values that the cache accepts', () => {
    expect(listCursorText({ position: positionOf(9_999_999_999_999, change), floor: 9_999_999_999_999 })).toMatch(
      parameterValues.after,
    );
  });

  test('is rejected in another spelling', () => {
    expect(listCursorIn(`${listCursorText({ position })}=`, noon)).toBeUndefined();
  });
});

describe('the next page of changes', () => {
  const long = noon - overlapMilliseconds;
  const since = noon - 10 * overlapMilliseconds;
  const [old, fresh] = [row(long), row(long + 1)];

  test('follows the last row while there are more', () => {
    expect(cursorAfter({ since, after: undefined }, { rows: [row(since), old], more: true }, noon)).toStrictEqual({
      since,
      after: { position: old.position, floor: undefined },
    });
  });

  test('carries a mark from the first page that may have gaps', () => {
    expect(cursorAfter({ since, after: undefined }, { rows: [old, fresh], more: true }, noon)).toStrictEqual({
      since,
      after: { position: fresh.position, floor: long + 1 },
    });
    // A clock that is ahead marks no later instant than now.
    const ahead = row(noon + 5000);
    expect(cursorAfter({ since, after: undefined }, { rows: [ahead], more: true }, noon)).toStrictEqual({
      since,
      after: { position: ahead.position, floor: noon },
    });
    expect(
      cursorAfter({ since, after: { position: old.position, floor: 77 } }, { rows: [fresh], more: true }, noon),
    ).toStrictEqual({ since, after: { position: fresh.position, floor: 77 } });
    expect(cursorAfter({ since: noon - 5, after: undefined }, { rows: [old], more: true }, noon)).toStrictEqual({
      since: noon - 5,
      after: { position: old.position, floor: noon - 5 },
    });
  });

  test('follows an instant at the end of the list: the mark, else the last row', () => {
    expect(cursorAfter({ since, after: undefined }, { rows: [old], more: false }, noon)).toStrictEqual({ since: long });
    expect(cursorAfter({ since, after: undefined }, { rows: [], more: false }, noon)).toStrictEqual({ since });
    expect(cursorAfter({ since, after: undefined }, { rows: [], more: true }, noon)).toStrictEqual({ since });
    expect(cursorAfter({ since, after: { position: old.position } }, { rows: [], more: false }, noon)).toStrictEqual({
      since: long,
    });
    expect(
      cursorAfter({ since, after: { position: old.position, floor: 77 } }, { rows: [fresh], more: false }, noon),
    ).toStrictEqual({ since: 77 });
    expect(cursorAfter({ since: noon, after: undefined }, { rows: [old], more: false }, noon)).toStrictEqual({
      since: noon,
    });
  });
});
