import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'seq is what the machine believes the time to be.',
  file: 'shared/article/settle-article.ts',
  search: 'Math.max((head?.seq ?? 0) + 1, now)',
  replace: 'now',
};
