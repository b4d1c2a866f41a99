import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The end of an embargo is told to nobody where a silent replay had brought the story.',
  file: 'shared/settle.ts',
  search: 'if (isTold(cause) || isReleased) yield version;',
  replace: 'if (isTold(cause)) yield version;',
};
