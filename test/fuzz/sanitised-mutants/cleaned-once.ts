import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'Elements that are unwrapped leave others where HTML does not allow them.',
  file: 'shared/article/markup.ts',
  search: `if (clean === given) return clean;`,
  replace: `if (round === 0) return clean;`,
};
