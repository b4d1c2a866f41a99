import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A new text of a post purges no page.',
  file: 'functions/project/posts.ts',
  search: '{ liveStory, version, leftOut, feeds, place };',
  replace: '{ liveStory, leftOut, feeds, place };',
};
