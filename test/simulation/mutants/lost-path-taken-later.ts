import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A story that lost its path does not get it when the owner leaves it.',
  file: 'shared/article/settle-article.ts',
  search: `if (left !== undefined && left !== claimed) await settleRivalsOf?.(left);`,
  replace: ';',
};
