import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shortened } from '../../shared/shortened.ts';

test.each([
  ['a text that fits', 'Short enough', { characters: 12 }, 'Short enough'],
  ['between words', 'The bridge opens at dawn', { characters: 13 }, 'The bridge…'],
  [
    'within the word, if the last space is in the first half',
    'It opensatdawnorlater',
    { characters: 10 },
    'It opensa…',
  ],
  ['without the spaces before the cut', 'Bridge     opens', { characters: 9 }, 'Bridge…'],
  ['at a character as readers count them', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', { characters: 2 }, '👩‍👩‍👧‍👦…'],
  ['with its accents', 'e\u0301e\u0301e\u0301', { characters: 2 }, 'e\u0301…'],
  ['by bytes', 'ééééé', { bytes: 9 }, 'ééé…'],
  ['by bytes, never within a character', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦', { bytes: 27 }, '…'],
  ['by whichever bound is reached first', 'ééééé', { characters: 4, bytes: 7 }, 'éé…'],
])('cuts %s', (_, text, bounds, expected) => {
  expect(shortened(text, bounds)).toBe(expected);
});

test('a text is never longer than its bounds, and is whole if it fits', () => {
  const count = (text: string): number => [...new Intl.Segmenter().segment(text)].length;
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.nat({ max: 29 }).map((n) => n + 1),
      fc.nat({ max: 97 }).map((n) => n + 3),
      (text, characters, bytes) => {
        const cut = shortened(text, { characters, bytes });
        expect(count(cut)).toBeLessThanOrEqual(characters);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
        if (count(text) <= characters && Buffer.byteLength(text) <= bytes) expect(cut).toBe(text);
        else expect(text.startsWith(cut.slice(0, -1))).toBe(true);
      },
    ),
  );
});
