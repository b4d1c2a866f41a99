import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'An entry with the same seq, written again after a crash, is refused as if it were older.',
  file: 'test/fakes/memory-feeds.ts',
  search: 'if ((rows.get(entry.place)?.seq ?? -1) <= entry.seq) rows.set(',
  replace:
    "if (rows.get(entry.place)?.seq === entry.seq) return Promise.reject(new Error('the conditional request failed'));\n    if ((rows.get(entry.place)?.seq ?? -1) <= entry.seq) rows.set(",
};
