import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'One text may take any amount of work.',
  file: 'shared/article/html-tree.ts',
  search: `if (this.steps > maxSteps)`,
  replace: `if (this.steps > Infinity)`,
};
