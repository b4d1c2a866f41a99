import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A link to a preview is good whoever signed it.',
  file: 'shared/article/preview-token.ts',
  search: 'if (!isSigned || !v.is(header, jsonIn(head))) return undefined;',
  replace: 'if (!v.is(header, jsonIn(head))) return undefined;',
};
