import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'The status and embargo of the NITF within a NewsML item are ignored.',
  file: 'shared/cms/newsml-terms.ts',
  search: 'return within.reduce((terms, nitf) => together(terms, nitfTermsOf(nitf, receivedAt)), own);',
  replace: 'return within.length >= 0 ? own : nitfTermsOf(item, receivedAt);',
};
