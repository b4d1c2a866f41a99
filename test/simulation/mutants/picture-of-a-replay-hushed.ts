import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The end of the embargo of a picture whose story a replay brought is announced as if the replay had brought it.',
  file: 'shared/settle-article.ts',
  search: '{ ...(news.cause ?? silent), replay: undefined } : silent',
  replace: 'silent : silent',
};
