import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A picture with an embargo until further notice is treated as one without.',
  file: 'shared/cms/newsml-item.ts',
  search: `...('issues' in terms ? { pubStatus: 'withheld' } : terms),`,
  replace: `...('issues' in terms ? { pubStatus: 'usable' } : terms),`,
};
