import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Only the first and the last image of a batch are compared.',
  file: 'functions/project/project.ts',
  search: 'changes.flatMap((change) => tagsOf(ports.lists, articleId, change))',
  replace: 'tagsOf(ports.lists, articleId, { before: changes[0]?.before, after: changes.at(-1)?.after })',
};
