import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Who wrote the head does not look whether anything came meanwhile.',
  file: 'shared/article/settle-article.ts',
  search: `  await store.writeHead({ ...state, ...settlement } as H, head?.seq);
  return false;`,
  replace: '  return store.writeHead({ ...state, ...settlement } as H, head?.seq);',
};
