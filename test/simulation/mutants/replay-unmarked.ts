import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'What a replay brought is told as if it were news.',
  file: 'shared/cause.ts',
  search: ', ...(replay !== undefined && { replay }) };',
  replace: ' };',
};
