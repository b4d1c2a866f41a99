import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A link runs code.',
  file: 'shared/article/markup-attributes.ts',
  search: `return scheme === undefined || schemes.includes(scheme) ? address : undefined;`,
  replace: `return address;`,
};
