import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A change that no list shows purges no page.',
  file: 'functions/project/project.ts',
  search: 'const tags = before ? [articleTag(articleId)] : [];',
  replace: 'const tags = before && !saySame(onLists(before), onLists(after)) ? [articleTag(articleId)] : [];',
};
