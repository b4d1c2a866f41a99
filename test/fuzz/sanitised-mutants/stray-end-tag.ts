import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A player that is left out leaves its end tag, so the following text is in another element.',
  file: 'shared/article/markup.ts',
  search: `if (clean === given) return clean;`,
  replace: `if (clean === given) return clean.replace('<s></s>', '</s>');`,
};
