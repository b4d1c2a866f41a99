import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'Only the items directly in an article wait for their embargo.',
  file: 'shared/article/readable.ts',
  search: 'return [associations ? { ...item, associations: shown(associations, `${at}.`) } : item];',
  replace: `return [item];`,
};
