import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A page is not purged when more or less of what goes with it may be shown.',
  file: 'shared/article/head.ts',
  search: '    ...(leftOut !== undefined && { leftOut }),',
  replace: '',
};
