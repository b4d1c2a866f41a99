import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A story that has moved keeps the path that it left, so that two that exchange theirs lose both.',
  file: 'shared/article/path-claim.ts',
  search: `if (head?.visibility === 'live') return head.path === owner.path;`,
  replace: "if (head?.visibility === 'live') return true;",
};
