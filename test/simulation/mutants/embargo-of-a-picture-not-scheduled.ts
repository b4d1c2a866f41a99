import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Nobody settles when the embargo or the expiry of a picture comes.',
  file: 'shared/article/settle.ts',
  search: `      associationsChangeAt(shown, now),
`,
  replace: '',
};
