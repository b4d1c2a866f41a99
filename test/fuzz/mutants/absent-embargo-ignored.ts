import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A payload without its embargo field counts as one without an embargo.',
  file: 'shared/cms/collection-fields.ts',
  search: `named('embargo') !== '' && valueAt(entry, named('embargo')) === undefined`,
  replace: `named('embargo') === '-' && entry[named('embargo')] === undefined`,
};
