import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A post that goes out by e-mail only becomes a page.',
  file: 'shared/cms/sources/ghost.ts',
  search: `return isEmailOnly ? { state: 'not public' } : publicationOf(`,
  replace: `return publicationOf(`,
};
