import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cursorOf, placeOfCursor, tombstoneSeconds } from '../../shared/feed/feed.ts';
import { placeOf } from '../../shared/feed/placement.ts';
import { parameterValues } from '../../shared/site/routes.ts';
import { anyCharacter } from './any-character.ts';
import { noon } from './story.ts';

describe('cursors', () => {
  test('lead to the place that they were made from, and need no escaping in a URL', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), fc.nat(1e9), (instant, later) => {
        const place = placeOf('abcdefghijklmnop', instant);
        const cursor = cursorOf(place);
        expect(placeOfCursor(cursor, instant + later)).toBe(place);
        expect(cursor).toMatch(parameterValues.after);
      }),
    );
  });

  test('that Pressrun did not make are rejected', () => {
    const real = cursorOf(placeOf('abcdefghijklmnop', 1_777_636_800_000));
    for (const cursor of [
      '',
      'x',
      '0',
      `${real}x`,
      ` ${real}`,
      `${real}=`,
      real.toLowerCase(),
      Buffer.from('2026').toString('base64url'),
      Buffer.from('v#1#abcdefghijklmnop').toString('base64url'),
    ]) {
      expect(placeOfCursor(cursor, noon)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        expect(placeOfCursor(text, noon)).toBeUndefined();
      }),
    );
  });

  test('of a place in the future are rejected; a clock may be a quarter of an hour ahead', () => {
    const cursor = (instant: number): string => cursorOf(placeOf('abcdefghijklmnop', instant));
    expect(placeOfCursor(cursor(noon + 15 * 60_000), noon)).toBeDefined();
    expect(placeOfCursor(cursor(noon + 15 * 60_000 + 1), noon)).toBeUndefined();
  });
});

describe('tombstones', () => {
  test('are kept for longer than the fourteen days that a queue may keep a message', () => {
    expect(tombstoneSeconds).toBe(15 * 24 * 60 * 60);
  });
});
