import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A withdrawn post answers 410 and so says that it was there.',
  file: 'shared/article/settle.ts',
  search: 'first !== undefined && !isPart(first) &&',
  replace: 'first !== undefined &&',
};
