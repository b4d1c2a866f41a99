import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'An erased profile keeps its text about the person.',
  file: 'shared/article/erasure.ts',
  search: '{ profile: {} }',
  replace: '{ profile: content.profile }',
};
