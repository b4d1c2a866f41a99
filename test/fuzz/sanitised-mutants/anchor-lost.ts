import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A link within a text leads nowhere.',
  file: 'shared/article/markup-attributes.ts',
  search: `...(targets.has(unprefixed(anchor)) ?`,
  replace: `...(targets.has(anchor.toUpperCase()) ?`,
};
