import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The end of the embargo of a picture whose story a replay brought is announced as if the replay had brought it.',
  file: 'shared/settle-article.ts',
  search: '...(isOfTheClock(head, state) && { replay: undefined })',
  replace: '...(isOfTheClock(head, state) && {})',
};
