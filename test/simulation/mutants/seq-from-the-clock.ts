import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'seq is the clock of the machine.',
  file: 'shared/article/settle-article.ts',
  search: 'Math.max((head?.seq ?? 0) + 1, now)',
  replace: 'now',
};
