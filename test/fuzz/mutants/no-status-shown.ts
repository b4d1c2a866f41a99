import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A Directus item without a status is public.',
  file: 'shared/cms/sources/directus-item.ts',
  search: `return statusField(settings) === '' ? words.published : within(given, statusField(settings));`,
  replace: `return within(given, statusField(settings)) ?? words.published;`,
};
