import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A link to the file of an embargoed item stays in the text of its article.',
  file: 'shared/picture/text-files.ts',
  search: `const isReferring = referencesOf(name, inner).some(isLeftOut);`,
  replace: `const isReferring = name === 'img' && referencesOf(name, inner).some(isLeftOut);`,
};
