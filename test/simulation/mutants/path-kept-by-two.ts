import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A path that was taken from a story which had just become live is not given back.',
  file: 'shared/settle-article.ts',
  search: `if (takenFrom === undefined || before?.standing !== 'live' || before.path !== path) return`,
  replace: `if (takenFrom === undefined || before?.path !== '') return`,
};
