import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A future time is ignored in an object that is named after publication.',
  file: 'shared/article/misnamed-times.ts',
  search: 'receivedAt, false, isOfPublication);',
  replace: 'receivedAt, false, false);',
};
