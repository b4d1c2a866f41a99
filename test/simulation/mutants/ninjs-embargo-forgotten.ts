import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'An item of ninjs 1 or 2 is public before its embargo ends.',
  file: 'shared/article/ninjs-tables.ts',
  search: "  embargoed: 'embargoedUntil',",
  replace: "  embargoed: { leftOut: 'no name of 3.1' },",
};
