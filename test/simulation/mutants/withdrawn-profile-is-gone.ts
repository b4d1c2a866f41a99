import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A withdrawn profile counts as an article that was public.',
  file: 'shared/article/settle.ts',
  search: '(content.post ?? content.profile) !== undefined',
  replace: 'content.post !== undefined',
};
