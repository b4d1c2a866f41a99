import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A settle with a slow clock hides an article that a settle with a fast clock had released.',
  file: 'shared/article/settle-article.ts',
  search: 'Math.max(clock.now(), head?.settledAt ?? 0)',
  replace: 'clock.now()',
};
