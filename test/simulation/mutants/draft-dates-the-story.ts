import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The beginning of the draft counts as publication.',
  file: 'shared/article/accept.ts',
  search: '(isMapped(source) ? given.firstCreated : undefined)',
  replace: 'given.firstCreated',
};
