import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A link to an item that may not be shown loses its files.',
  file: 'shared/cms/sources/superdesk-associations.ts',
  search:
    '  return isRestricted(association) ? filesOf(association) : { uri, type, name, pubStatus, embargoedUntil, expires };',
  replace: '  return { uri, type, name, pubStatus, embargoedUntil, expires };',
};
