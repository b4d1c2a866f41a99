import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The 404 of a feed that has no entries yet carries no tag.',
  file: 'functions/deliver/feed-response.ts',
  search: `problem(404, 'Not found', 'There is no such feed.', tags)`,
  replace: `problem(404, 'Not found', 'There is no such feed.')`,
};
