import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The feed of a live story is public although the story is not.',
  file: 'functions/deliver/feed-response.ts',
  search: 'if (storyId !== undefined && !story) return',
  replace: "if (storyId === '' && !story) return",
};
