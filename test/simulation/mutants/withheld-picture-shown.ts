import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A withheld or canceled picture is shown.',
  file: 'shared/article/readable.ts',
  search: "(item.pubStatus ?? 'usable') === 'usable' && ",
  replace: '',
};
