import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'First published does not wait for the embargo.',
  file: 'shared/article/settle.ts',
  search: 'Date.parse(named), first.embargoedUntil ?? -Infinity);',
  replace: 'Date.parse(named), -Infinity);',
};
