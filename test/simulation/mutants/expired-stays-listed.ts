import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A story that expired stays in its lists.',
  file: 'shared/article/head.ts',
  search: 'const listed = expiry === undefined || expiry > now;',
  replace: 'const listed = expiry === undefined || expiry >= 0;',
};
