import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A post is announced although its story is not public.',
  file: 'functions/project/parts.ts',
  search: "if (story !== undefined && head?.visibility !== 'live') continue;",
  replace: 'void head;',
};
