import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A schedule without a date is public at once.',
  file: 'shared/cms/publication.ts',
  search: `if (status === published) return`,
  replace: `if (status === published || (status === scheduled && !date)) return`,
};
