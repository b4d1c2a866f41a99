import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A canceled item within an article is shown.',
  file: 'shared/article/readable.ts',
  search: `(item.pubStatus ?? 'usable') === 'usable' && until > now`,
  replace: `item.pubStatus !== 'withheld' && until > now`,
};
