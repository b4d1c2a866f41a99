import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A future time of publication under a name that is not of ninjs is ignored.',
  file: 'shared/article/misnamed-times.ts',
  search: `isPublicationAhead(plain, value, receivedAt) ||
    ((isOfItem || isOfPublication) && isTimeAhead(value, receivedAt, isOfPublication))`,
  replace: 'issues.length < 0',
};
