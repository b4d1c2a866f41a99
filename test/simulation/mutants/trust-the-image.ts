import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: `A feed shows the card of the stream's image, not of the head.`,
  file: 'functions/project/project.ts',
  search: 'seq, card: head?.card })',
  replace: 'seq, card: changes.at(-1)?.after?.card })',
};
