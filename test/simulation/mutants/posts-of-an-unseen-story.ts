import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The feed of a live story is there although the story is not public.',
  file: 'functions/deliver/feed-response.ts',
  search: 'if (storyId !== undefined && !story) return',
  replace: "if (storyId === '' && !story) return",
};
