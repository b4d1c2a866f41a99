import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Consumers are told of what only a silent replay has brought.',
  file: 'shared/cause.ts',
  search: 'return cause?.replay === undefined || cause.replay.startsWith(announcedReplay);',
  replace: 'return true;',
};
