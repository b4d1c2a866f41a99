import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The feeds that an article left are not purged.',
  file: 'functions/project/project.ts',
  search: '[...new Set([...old.keys(), ...current.keys()])]',
  replace: '[...current.keys()]',
};
