import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A link to a preview is accepted with any signature.',
  file: 'shared/article/preview-token.ts',
  search: 'if (!isSigned || !v.is(header, jsonIn(head))) return undefined;',
  replace: 'if (!v.is(header, jsonIn(head))) return undefined;',
};
