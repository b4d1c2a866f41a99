import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A post that is created scheduled is ordered above its changes before its date.',
  file: 'shared/cms/sources/wordpress.ts',
  search: 'Math.min(latest, Math.floor(sent / 1000) * 1000)',
  replace: 'latest',
};
