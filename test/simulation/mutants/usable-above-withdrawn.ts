import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Of two versions that tie up to receipt, the usable one wins over the withdrawal.',
  file: 'shared/article/version.ts',
  search: `Number(a.status !== 'usable') - Number(b.status !== 'usable')`,
  replace: `Number(b.status !== 'usable') - Number(a.status !== 'usable')`,
};
