import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'An event that comes after a silent replay of it is never told of, since it changes nothing any more.',
  file: 'shared/settle-article.ts',
  search: 'if (isSame && (!head || next === known)) return true;',
  replace: 'if (isSame) return true;',
};
