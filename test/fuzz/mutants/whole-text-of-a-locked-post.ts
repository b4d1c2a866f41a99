import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A post for members that has no public preview is shown whole.',
  file: 'shared/cms/sources/ghost-gating.ts',
  search: `return divider < 0 ? '' : withoutGatedBlocks(`,
  replace: `return divider < 0 ? html : withoutGatedBlocks(`,
};
