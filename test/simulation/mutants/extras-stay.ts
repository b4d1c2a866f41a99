import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A pass leaves entries where their article does not stand any more.',
  file: 'functions/reconcile/reconcile.ts',
  search: '!places.has(keyOf(row)) &&',
  replace: 'false &&',
};
