import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A post that is created scheduled sorts above all that is done to it before its date.',
  file: 'shared/cms/sources/wordpress.ts',
  search: 'Math.min(latest, Math.floor(sent / 1000) * 1000)',
  replace: 'latest',
};
