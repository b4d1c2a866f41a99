import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'What was withdrawn answers as if it had never been.',
  file: 'shared/article/settle.ts',
  search: `const visibility = shown.status === 'canceled' && wasPublic ? 'gone' : 'hidden';`,
  replace: `const visibility = 'hidden';`,
};
