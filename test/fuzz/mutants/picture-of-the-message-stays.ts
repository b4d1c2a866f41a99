import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A picture of the message that may not be shown is known only to the texts of its package.',
  file: 'shared/cms/newsml-message.ts',
  search: '    const files = this.#restricted.size > 0 ? filesIn(item) : new Set<string>();',
  replace: '    const files = this.#restricted.size > 1e9 ? filesIn(item) : new Set<string>();',
};
