import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A withdrawn article answers 404, as if it had never been public.',
  file: 'shared/article/settle.ts',
  search: `const visibility = shown.status === 'canceled' && wasPublic ? 'gone' : 'hidden';`,
  replace: `const visibility = 'hidden';`,
};
