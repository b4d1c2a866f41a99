import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A field that is left out of an article has no warning.',
  file: 'shared/article/accept.ts',
  search: `...inArticle(item.warnings),`,
  replace: ``,
};
