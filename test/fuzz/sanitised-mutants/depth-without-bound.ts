import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'Elements may nest without an end.',
  file: 'shared/article/html-tree.ts',
  search: `if (depth > maxDepth) throw`,
  replace: `if (depth > maxDepth * 1000) throw`,
};
