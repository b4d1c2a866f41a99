import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The head is written whatever its stored seq is.',
  file: 'shared/article/settle-article.ts',
  search: '} as H, head?.seq);',
  replace: '} as H, (await store.head(articleId))?.seq);',
};
