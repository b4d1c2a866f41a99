import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A card for members whose end is missing stays.',
  file: 'shared/cms/sources/ghost-gating.ts',
  search: `return unended < 0 ? open : open.slice(0, unended);`,
  replace: `return unended < 0 ? open : open;`,
};
