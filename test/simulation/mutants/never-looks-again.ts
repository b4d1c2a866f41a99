import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A settle that wrote the head does not check whether another version arrived meanwhile.',
  file: 'shared/article/settle-article.ts',
  search: `  await store.writeHead({ ...state, ...settlement } as H, head?.seq);
  return true;`,
  replace: '  return !(await store.writeHead({ ...state, ...settlement } as H, head?.seq));',
};
