import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'An entry that leaves a feed is deleted, so that a late write brings it back.',
  file: 'test/fakes/memory-feeds.ts',
  search: '<= entry.seq) rows.set(entry.place, structuredClone(entry));',
  replace: '<= entry.seq) entry.card ? rows.set(entry.place, structuredClone(entry)) : rows.delete(entry.place);',
};
