import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A story that lost its path takes it when it is settled again, and moves without a new version.',
  file: 'shared/article/settle-article.ts',
  search: `      if (lost) return { path, owned: false };
`,
  replace: '',
};
