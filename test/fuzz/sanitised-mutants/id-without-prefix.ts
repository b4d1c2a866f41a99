import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'An id of a text is taken for an id of the page.',
  file: 'shared/article/markup-attributes.ts',
  search: `[{ name: 'id', value: idPrefix + unprefixed(anchor) }]`,
  replace: `[{ name: 'id', value: unprefixed(anchor) }]`,
};
