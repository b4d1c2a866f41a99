import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A post that WordPress publishes at its date is not found.',
  file: 'shared/cms/sources/wordpress-api.ts',
  search: `(Date.parse(since) > 0 ? ['modified', 'date'] : ['modified'])`,
  replace: `['modified']`,
};
