import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'All languages of a Strapi document are one story.',
  file: 'shared/cms/sources/strapi.ts',
  search: 'return locale ? `${documentId}.${locale}` : documentId;',
  replace: `return documentId;`,
};
