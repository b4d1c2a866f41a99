import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'What the CMS shows sorts below an earlier statement of a later time.',
  file: 'functions/sweep/changed-stories.ts',
  search:
    '      newest && (newest.versionCreated - own.versionCreated || newest.revision - own.revision) > 0 ? newest : own;',
  replace: '      newest && own.revision > 9 ? newest : own;',
};
