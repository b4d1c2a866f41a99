import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A hold is told as if the version that it hides had come.',
  file: 'shared/settle.ts',
  search: 'const cause = lastHold && !(shown && shown.receivedAt > lastHold.receivedAt) ? lastHold.cause : (shown ?? newest)?.cause;',
  replace: 'const cause = shown?.cause;',
};
