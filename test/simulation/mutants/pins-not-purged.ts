import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A front that pins an article is not purged when its card changes.',
  file: 'functions/project/project.ts',
  search: 'tags.push(pinTag(articleId));',
  replace: ';',
};
