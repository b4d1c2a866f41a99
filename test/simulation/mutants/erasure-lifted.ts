import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The end of a hold ends an erasure too.',
  file: 'shared/article/settle.ts',
  search: `if (kind === 'unheld') held = undefined;`,
  replace: `if (kind === 'unheld') held = erased = undefined;`,
};
