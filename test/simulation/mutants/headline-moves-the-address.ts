import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A changed headline moves an article that names no path.',
  file: 'shared/article/head.ts',
  search: 'headlineOf(outcome.first.content.article)',
  replace: 'headlineOf(article)',
};
