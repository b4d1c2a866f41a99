import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A link to a preview never expires.',
  file: 'shared/article/preview-token.ts',
  search: 'if (!(expiresAt > now) || expiresAt >',
  replace: 'if (expiresAt >',
};
