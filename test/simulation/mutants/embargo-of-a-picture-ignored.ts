import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A picture is shown before its own embargo ends.',
  file: 'shared/article/readable.ts',
  search: 'if (!mayEverBeShown || !(from <= now)) {',
  replace: 'if (!mayEverBeShown) {',
};
