import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'Of two statuses of a NewsML item, the first counts.',
  file: 'shared/cms/newsml-terms.ts',
  search: `  if (others.length > 0)
`,
  replace: `  if (others.length > 100)
`,
};
