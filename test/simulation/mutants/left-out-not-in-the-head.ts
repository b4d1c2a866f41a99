import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A page is not purged when the set of associations that may be shown changes.',
  file: 'shared/article/head.ts',
  search: '    ...(leftOut !== undefined && { leftOut }),',
  replace: '',
};
