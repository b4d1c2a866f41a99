import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A post that was pinned stays above all others.',
  file: 'shared/article/post.ts',
  search: "...(pinned === true ? [liveFeed(storyId, 'pinned')] : [])",
  replace: "liveFeed(storyId, 'pinned')",
};
