import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A version is shown when its embargo passes, although a later version had moved the embargo.',
  file: 'shared/article/settle.ts',
  search: `const superseded = version.status === 'usable' && earliestReceivedAbove < embargo;`,
  replace: 'const superseded = false;',
};
