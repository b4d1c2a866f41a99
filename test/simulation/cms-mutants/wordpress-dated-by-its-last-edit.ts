import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A post that WordPress publishes at its date sorts below its withdrawal.',
  file: 'shared/sources/wordpress.ts',
  search: 'const latest = Math.max(Date.parse(modified), Date.parse(date ?? modified));',
  replace: 'const latest = date === undefined ? 0 : Date.parse(modified);',
};
