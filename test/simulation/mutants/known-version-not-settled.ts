import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A retry that finds its version stored settles nothing.',
  file: 'functions/store/store.ts',
  search: '      await ports.articles.putVersion(accepted.version);',
  replace: `      for await (const { digest } of (await ports.articles.open(accepted.version.articleId)).newestFirst) if (digest === accepted.version.digest) return;
      await ports.articles.putVersion(accepted.version);`,
};
