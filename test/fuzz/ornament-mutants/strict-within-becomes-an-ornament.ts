import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'The embargo of a picture that cannot be read is left out, and the picture is public at once.',
  file: 'shared/article/article-schema.ts',
  search: `const strictInside: readonly string[] = ['pubStatus', 'embargoedUntil', 'expires'];`,
  replace: `const strictInside: readonly string[] = ['pubStatus', 'expires'];`,
};
