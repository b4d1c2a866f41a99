import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'The excerpt that Ghost makes of a locked text is the standfirst.',
  file: 'shared/cms/sources/ghost.ts',
  search: `standfirst: value.custom_excerpt,`,
  replace: `standfirst: value.custom_excerpt ?? ((given as { excerpt?: string }).excerpt),`,
};
