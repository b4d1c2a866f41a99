import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A silent replay that comes first hushes up the event itself.',
  file: 'shared/cause.ts',
  search: 'return rankOf(next) > rankOf(standing);',
  replace: 'return false;',
};
