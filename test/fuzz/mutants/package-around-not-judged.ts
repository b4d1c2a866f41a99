import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'The embargo and status of a package do not hold for its texts.',
  file: 'shared/cms/newsml-message.ts',
  search: '          if (next !== guid) this.#impose(next, terms);',
  replace: '          if (next === guid) this.#impose(`around ${next}`, terms);',
};
