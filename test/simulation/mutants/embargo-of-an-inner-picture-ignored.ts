import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The embargo of what goes with a picture is ignored.',
  file: 'shared/article/readable.ts',
  search: 'return [associations ? { ...item, associations: shown(associations, `${at}.`) } : item];',
  replace: 'return [item];',
};
