import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'The image of an embargoed picture stays in the text of its article.',
  file: 'shared/article/readable.ts',
  search: `for (const href of hrefsOf(item)) files.add(fileOf(href));`,
  replace: `void hrefsOf;`,
};
