import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A time of publication that is ahead, under a name that is no name of ninjs, is ignored.',
  file: 'shared/article/ninjs.ts',
  search: `publicationsIn({ [name]: held }, path, issues, receivedAt);`,
  replace: '',
};
