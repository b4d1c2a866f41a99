import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'What a replay brought is announced as if the bus had delivered it.',
  file: 'shared/article/origin.ts',
  search: ', ...(replay !== undefined && { replay }) };',
  replace: ' };',
};
