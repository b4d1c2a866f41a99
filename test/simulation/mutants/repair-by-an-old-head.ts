import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A repair does not check whether the head is still the one that it compared with.',
  file: 'functions/reconcile/entries.ts',
  search: 'toWrite.length === 0 || (await ports.articles.head(articleId))?.seq !== head.seq',
  replace: 'toWrite.length === 0',
};
