import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'An embargo under a name that is no name of ninjs is ignored.',
  file: 'shared/article/ninjs.ts',
  search: `if (kind === 'item') { if (faults.length < maxFaults) faults.push(...nearlyRight(name, path)); embargoesIn(held, [...path, name], faults); } else embargoesIn({ [name]: held }, path, faults);`,
  replace: `if (kind === 'text') faults.push(...nearlyRight(name, path));`,
};
