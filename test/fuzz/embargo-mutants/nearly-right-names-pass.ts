import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'An embargo under a name that is no name of ninjs is ignored.',
  file: 'shared/article/ninjs.ts',
  search: `faults.push(...(kind === 'item' ? [...nearlyRight(name, path), ...embargoIn(held, [...path, name])] : embargoIn({ [name]: held }, path)));`,
  replace: `if (kind === 'text') faults.push(...nearlyRight(name, path));`,
};
