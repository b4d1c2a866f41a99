import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A settle on a machine whose clock is behind takes back what a clock ahead released.',
  file: 'shared/article/settle-article.ts',
  search: 'Math.max(clock.now(), head?.settledAt ?? 0)',
  replace: 'clock.now()',
};
