import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: `Feeds follow the stream's image, not the head.`,
  file: 'functions/project/project.ts',
  search: 'const head = await ports.articles.head(articleId);',
  replace: 'const head = changes.at(-1)?.after;',
};
