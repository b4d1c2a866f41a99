import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A path is taken from a live owner.',
  file: 'shared/article/path-claim.ts',
  search: `if (head?.visibility === 'live') return head.path === owner.path;`,
  replace: "if (head?.visibility === 'live') return false;",
};
