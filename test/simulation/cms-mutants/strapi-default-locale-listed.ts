import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Strapi is asked for the documents of its default locale only.',
  file: 'shared/cms/sources/strapi.ts',
  search: `const everyLocale = { locale: '*' };`,
  replace: 'const everyLocale = {};',
};
