import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The embargo of an item within a picture is ignored.',
  file: 'shared/article/readable.ts',
  search: 'return [associations ? { ...item, associations: shown(associations, `${at}.`) } : item];',
  replace: 'return [item];',
};
