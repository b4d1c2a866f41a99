import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The page that a post or a profile has left is not purged.',
  file: 'functions/project/parts.ts',
  search: '[before, after].flatMap((image) => (image && hostFeedOf(image)) ?? [])',
  replace: '[after].flatMap((image) => (image && hostFeedOf(image)) ?? [])',
};
