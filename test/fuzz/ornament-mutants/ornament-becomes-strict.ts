import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'One invalid optional field rejects its article.',
  file: 'shared/article/article-schema.ts',
  search: `if (inner.length === 0) return 'field';`,
  replace: `if (inner.length === 0) return 'strict';`,
};
