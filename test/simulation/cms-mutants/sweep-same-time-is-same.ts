import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Two states of one second are taken for one.',
  file: 'functions/sweep/sweep.ts',
  search: 'if (newest && readersView(newest, asked) === readersView(event.version, asked)) return;',
  replace:
    'if (newest?.versionCreated === event.version.versionCreated || (newest && readersView(newest, asked) === readersView(event.version, asked))) return;',
};
