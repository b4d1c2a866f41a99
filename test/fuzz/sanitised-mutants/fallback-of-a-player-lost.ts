import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'The content of a player without an address is lost.',
  file: 'shared/article/markup.ts',
  search: `if (element.tagName !== 'iframe') addItems(element.childNodes, place, known, out);`,
  replace: `if (element.tagName === 'object') addItems(element.childNodes, place, known, out);`,
};
