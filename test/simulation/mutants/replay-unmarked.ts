import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A change by a replay is announced without the name of the replay.',
  file: 'shared/article/origin.ts',
  search: ', ...(replay !== undefined && { replay }) };',
  replace: ' };',
};
