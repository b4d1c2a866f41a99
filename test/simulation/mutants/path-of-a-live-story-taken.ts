import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A path is taken from a live owner.',
  file: 'shared/article/settle-article.ts',
  search: `if (owner && (await articles.head(owner.articleId))?.visibility === 'live') return { path, owned: false };`,
  replace: '',
};
