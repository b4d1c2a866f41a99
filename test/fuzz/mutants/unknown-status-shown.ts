import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'An unknown status counts as published.',
  file: 'shared/cms/publication.ts',
  search: `return scheduled !== undefined && status === scheduled && date ? { state: 'scheduled', at: date } : { state: 'not public' };`,
  replace: `return scheduled !== undefined && status === scheduled && date ? { state: 'scheduled', at: date } : { state: 'published' };`,
};
