import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'An embargo field that the payload leaves out is taken for none.',
  file: 'shared/cms/collection-fields.ts',
  search: `named('embargo') !== '' && valueAt(entry, named('embargo')) === undefined`,
  replace: `named('embargo') === '-' && entry[named('embargo')] === undefined`,
};
