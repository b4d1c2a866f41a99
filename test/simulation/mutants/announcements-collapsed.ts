import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A batch is announced as one change.',
  file: 'functions/project/project.ts',
  search: 'changes.flatMap((change) => announcementsOf(change))',
  replace: 'announcementsOf({ before: changes[0]?.before, after: changes.at(-1)?.after })',
};
