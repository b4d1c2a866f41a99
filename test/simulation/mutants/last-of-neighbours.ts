import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A message that is sent again counts as a new version.',
  file: 'shared/article/settle.ts',
  search: 'if (previous && version.digest !== previous.digest) yield previous;',
  replace: 'if (previous) yield previous;',
};
