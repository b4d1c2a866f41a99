import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A source changes a story that another source owns.',
  file: 'shared/article/accept.ts',
  search: "if (foreign) return rejected([{ path: 'article.uri', ...foreign }]);",
  replace: '',
};
