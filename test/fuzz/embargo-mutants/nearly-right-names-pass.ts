import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'An embargo under a name that is not of ninjs is ignored.',
  file: 'shared/article/ninjs.ts',
  search: `addIgnored(name, held, path, issues, receivedAt, kind === 'item');`,
  replace: `if (kind !== 'item') addIgnored(name, held, path, issues, receivedAt);`,
};
