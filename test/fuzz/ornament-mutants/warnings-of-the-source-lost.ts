import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'The warnings of a source are not stored.',
  file: 'shared/article/accept.ts',
  search: `[...warningsIn(detail), ...said.warnings,`,
  replace: `[...said.warnings,`,
};
