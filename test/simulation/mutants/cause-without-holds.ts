import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A hold is told as if the version that it hides had come.',
  file: 'shared/settle.ts',
  search: "if (darkening) return { standing: 'held', version, cause: darkening.cause, wakeAt: pendingUntil };",
  replace: "if (darkening) return { standing: 'held', version, cause: shown?.cause, wakeAt: pendingUntil };",
};
