import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A document of another locale is looked up in the default one.',
  file: 'shared/cms/sources/strapi.ts',
  search: `{ 'fields[0]': 'documentId', locale }`,
  replace: `{ 'fields[0]': 'documentId' }`,
};
