import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A story that is published again is no longer held.',
  file: 'shared/article/settle.ts',
  search: 'const since = hiddenSince(holds);',
  replace: 'const since = hiddenSince(holds.filter(({ receivedAt }) => !shown || shown.receivedAt <= receivedAt));',
};
