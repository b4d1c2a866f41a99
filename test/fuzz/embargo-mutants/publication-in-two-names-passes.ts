import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A time that is ahead is ignored if the name of the object around it says that it is one of publication.',
  file: 'shared/article/misnamed-times.ts',
  search: 'receivedAt, false, isOfPublication);',
  replace: 'receivedAt, false, false);',
};
