import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The time of first publication ignores the embargo.',
  file: 'shared/article/settle.ts',
  search: 'Date.parse(named), first.embargoedUntil ?? -Infinity);',
  replace: 'Date.parse(named), -Infinity);',
};
