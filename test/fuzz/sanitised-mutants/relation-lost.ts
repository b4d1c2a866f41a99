import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'Search engines take a paid link for one of the newsroom.',
  file: 'shared/article/markup-rules.ts',
  search: `new Set(['sponsored', 'nofollow', 'ugc'])`,
  replace: `new Set(['nofollow', 'ugc'])`,
};
