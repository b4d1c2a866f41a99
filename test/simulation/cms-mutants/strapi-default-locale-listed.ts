import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Only the documents of Strapi’s default locale are requested.',
  file: 'shared/cms/sources/strapi.ts',
  search: `const everyLocale = { locale: '*' };`,
  replace: 'const everyLocale = {};',
};
