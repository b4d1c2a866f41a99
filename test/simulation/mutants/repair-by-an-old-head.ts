import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A repair does not look whether the head it compared with is still the one.',
  file: 'functions/reconcile/reconcile.ts',
  search: 'toWrite.length === 0 || (await ports.articles.head(articleId))?.seq !== head.seq',
  replace: 'toWrite.length === 0',
};
