import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A list that begins at 3 begins at 1.',
  file: 'shared/article/markup-rules.ts',
  search: `['ol', ['start', 'reversed', 'type']]`,
  replace: `['ol', ['reversed', 'type']]`,
};
