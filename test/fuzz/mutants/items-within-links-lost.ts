import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'An item that may not be shown is not seen within a link.',
  file: 'shared/cms/sources/superdesk-associations.ts',
  search: 'return !isUnrestricted(association) || itemsIn(association).some(isRestricted);',
  replace: 'return !isUnrestricted(association);',
};
