import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A hold is announced with the origin of the version that it hides.',
  file: 'shared/article/settle.ts',
  search: 'const last = holdInForce(holds) ?? lastOf(holds);',
  replace: 'const last = lastOf([]);',
};
