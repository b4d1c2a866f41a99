import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Versions are ordered by when they came.',
  file: 'shared/article/accept.ts',
  search: 'versionCreated: Date.parse(article.versionCreated),',
  replace: 'versionCreated: receivedAt,',
};
