import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The end of the embargo and the expiry of a picture are not scheduled.',
  file: 'shared/article/settle.ts',
  search: `      associationsChangeAt(shown, now),
`,
  replace: '',
};
