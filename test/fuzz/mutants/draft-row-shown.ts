import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: "Strapi's draft of a document is shown.",
  file: 'shared/cms/sources/strapi.ts',
  search: `if (publishedAt === null) return nothing;`,
  replace: ``,
};
