import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A story that is published again sorts below its withdrawal.',
  file: 'shared/cms/sources/strapi.ts',
  search: 'return publishedAt && publishedAt > updatedAt ? publishedAt : updatedAt;',
  replace: 'return updatedAt;',
};
