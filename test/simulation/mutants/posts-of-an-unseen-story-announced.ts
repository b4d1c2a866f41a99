import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A post is announced although its story is not public.',
  file: 'functions/project/posts.ts',
  search: "if (head?.visibility !== 'live') continue;",
  replace: 'void head;',
};
