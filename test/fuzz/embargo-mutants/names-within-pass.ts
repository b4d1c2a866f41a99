import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'An embargo within an object that no version of ninjs knows is ignored.',
  file: 'shared/article/misnamed-times.ts',
  search: `addIgnored(inner, held, [...path, name], issues, receivedAt, false, isOfPublication);`,
  replace: 'void [inner, held];',
};
