import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'An update that names no path moves the article to its default path.',
  file: 'shared/article/settle-article.ts',
  search: '(outcome.version.content.path ?? (await articles.pathBefore(outcome.version)))',
  replace: 'outcome.version.content.path',
};
