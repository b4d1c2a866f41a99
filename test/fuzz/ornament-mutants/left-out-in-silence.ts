import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'What an article is published without is not named.',
  file: 'shared/article/accept.ts',
  search: `...inArticle(item.warnings),`,
  replace: ``,
};
