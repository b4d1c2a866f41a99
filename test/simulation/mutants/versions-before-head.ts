import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The head is read after the versions, so a head made from more can be overwritten with one made from less.',
  file: 'shared/article/settle-article.ts',
  search: 'const stored = await articles.open(articleId);',
  replace: 'const stored = { ...(await articles.open(articleId)), head: await articles.head(articleId) };',
};
