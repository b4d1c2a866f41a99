import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The present state of the CMS is ordered below an earlier statement with a later time.',
  file: 'functions/sweep/changed-stories.ts',
  search:
    '      newest && (newest.versionCreated - own.versionCreated || newest.revision - own.revision) > 0 ? newest : own;',
  replace: '      newest && own.revision > 9 ? newest : own;',
};
