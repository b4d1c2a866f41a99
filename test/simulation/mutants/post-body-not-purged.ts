import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A new text of a post purges no page.',
  file: 'functions/project/parts.ts',
  search: '{ liveStory, profileOf, version, leftOut, feeds, place } : {};',
  replace: '{ liveStory, profileOf, leftOut, feeds, place } : {};',
};
