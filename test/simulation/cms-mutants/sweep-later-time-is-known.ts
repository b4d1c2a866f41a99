import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A withdrawal that arrives late hides a story that was published again unchanged, and swept in between.',
  file: 'functions/sweep/changed-stories.ts',
  search: `return isSame && !isLater ? undefined : made;`,
  replace: `return isSame ? undefined : made;`,
};
