import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Versions are ordered by their receipt.',
  file: 'shared/article/accept.ts',
  search: 'versionCreated: Date.parse(article.versionCreated),',
  replace: 'versionCreated: receivedAt,',
};
