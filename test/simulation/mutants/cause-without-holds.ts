import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A hold is announced as if the version that it hides had come.',
  file: 'shared/article/settle.ts',
  search: 'const last = holdInForce(holds) ?? lastOf(holds);',
  replace: 'const last = lastOf([]);',
};
