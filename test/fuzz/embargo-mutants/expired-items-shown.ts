import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'An item within an article is shown after it has expired.',
  file: 'shared/article/readable.ts',
  search: `(item.pubStatus ?? 'usable') === 'usable' && until > now`,
  replace: `(item.pubStatus ?? 'usable') === 'usable'`,
};
