import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'The language of a passage is lost.',
  file: 'shared/article/markup-attributes.ts',
  search: `...['lang', 'dir'].flatMap`,
  replace: `...['dir'].flatMap`,
};
