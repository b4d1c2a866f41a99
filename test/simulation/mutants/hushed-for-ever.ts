import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A head that a silent replay brought about is never told, though the event comes after it.',
  file: 'shared/settle-article.ts',
  search: 'if (isSame && (!head || isTold(head.cause) || !isTold(cause))) return true;',
  replace: 'if (isSame) return true;',
};
