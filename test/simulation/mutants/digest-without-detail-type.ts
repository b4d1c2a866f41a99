import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A withdrawal and a publish with the same detail count as one message.',
  file: 'shared/article/version.ts',
  search: 'canonicalJson({ detailType, detail: said })',
  replace: 'canonicalJson({ detail: said })',
};
