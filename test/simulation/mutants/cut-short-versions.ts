import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Only the newest page of versions is read.',
  file: 'test/fakes/memory-articles.ts',
  search: 'if (last === undefined || page.length < pageRows) return;',
  replace: 'return;',
};
