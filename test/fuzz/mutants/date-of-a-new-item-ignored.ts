import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A Directus item that was never updated does not wait for its date.',
  file: 'shared/cms/sources/directus-item.ts',
  search: `const publication = publicationIn(status, fields, updated);`,
  replace: `const publication = publicationIn(status, fields, value.date_updated ?? '9');`,
};
