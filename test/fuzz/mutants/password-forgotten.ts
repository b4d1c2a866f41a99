import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'The text and the excerpt behind a WordPress password are shown.',
  file: 'shared/cms/sources/wordpress.ts',
  search: `...(isProtected ? {} : textsOf(value))`,
  replace: `...(false as boolean ? {} : textsOf(value))`,
};
