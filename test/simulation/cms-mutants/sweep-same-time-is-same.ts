import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Two states of one second count as one.',
  file: 'functions/sweep/changed-stories.ts',
  search: 'readersView(newest, asked) === readersView(made.version, asked)',
  replace:
    '(newest.versionCreated === made.version.versionCreated || readersView(newest, asked) === readersView(made.version, asked))',
};
