import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A time of publication that is ahead, under a name that is no name of ninjs, is ignored.',
  file: 'shared/article/misnamed-times.ts',
  search: `isPublicationAhead(plain, value, receivedAt) ||
    ((isOfItem || isOfPublication) && isTimeAhead(value, receivedAt, isOfPublication))`,
  replace: 'issues.length < 0',
};
