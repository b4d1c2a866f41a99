import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'What was withdrawn answers as if it had never been.',
  file: 'shared/article/settle.ts',
  search: `const standing = shown.status === 'canceled' && wasPublic ? 'gone' : 'dark';`,
  replace: `const standing = 'dark';`,
};
