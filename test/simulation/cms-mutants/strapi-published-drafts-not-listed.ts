import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A draft that was saved long before it is published is not found.',
  file: 'shared/cms/sources/strapi.ts',
  search: `        'filters[$or][1][publishedAt][$gte]': since,\n`,
  replace: `        'filters[$or][1][updatedAt][$gte]': since,\n`,
};
