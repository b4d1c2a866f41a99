import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'An article that moved stays in the feeds it left.',
  file: 'functions/project/project.ts',
  search: 'for (const key of present.keys()) left.delete(key);',
  replace: 'left.clear();',
};
