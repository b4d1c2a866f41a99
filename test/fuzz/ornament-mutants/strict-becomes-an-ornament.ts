import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'An embargo that cannot be read is left out, and the article is public at once.',
  file: 'shared/article/article-schema.ts',
  search: `'pubStatus', 'embargoedUntil', 'expires'];
const strictInside`,
  replace: `'pubStatus', 'expires'];
const strictInside`,
};
