import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'The same state of an article with other warnings is another version.',
  file: 'shared/article/version.ts',
  search: `delete said['warnings'];`,
  replace: `delete said['warning'];`,
};
