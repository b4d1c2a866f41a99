import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { didYouMean } from '../../shared/did-you-mean.ts';

const names = ['stage', 'theme', 'purgeWindowSeconds', 'articlesTable', 'articlesStream'];

test.each([
  ['stagee', ' (did you mean stage?)'],
  ['STAGE', ' (did you mean stage?)'],
  ['purgeWindowSecond', ' (did you mean purgeWindowSeconds?)'],
  ['articleTable', ' (did you mean articlesTable?)'],
  ['colour', ''],
  ['', ''],
])('%j', (word, expected) => {
  expect(didYouMean(word, names)).toBe(expected);
});

test('a longer name is recognised with one letter too many or too few', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat(), fc.constantFrom('', 'q', 'qz'), (name, at, letters) => {
      const cut = at % name.length;
      const mistyped = name.slice(0, cut) + letters + name.slice(cut + 1);
      expect(didYouMean(mistyped, names)).toBe(` (did you mean ${name}?)`);
    }),
  );
});
