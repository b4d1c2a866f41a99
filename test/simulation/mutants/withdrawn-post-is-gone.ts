import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A withdrawn post answers 410, which reveals that it existed.',
  file: 'shared/article/settle.ts',
  search: 'first !== undefined && !isPart(first) &&',
  replace: 'first !== undefined &&',
};
