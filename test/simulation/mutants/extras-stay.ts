import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A job leaves entries in feeds that do not list their article any more.',
  file: 'functions/reconcile/entries.ts',
  search: '!places.has(keyOf(row)) &&',
  replace: 'false &&',
};
