import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'An erasure strips the newest version only.',
  file: 'shared/article/settle-article.ts',
  search: 'if (!isStripped(version.content)) await articles.strip(version);',
  replace: '{ await articles.strip(version); break; }',
};
