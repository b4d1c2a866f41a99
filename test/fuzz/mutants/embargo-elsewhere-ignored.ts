import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A time of publication in a property of a NewsML item is ignored.',
  file: 'shared/cms/newsml-terms.ts',
  search: `  addUnread(item, item.name, receivedAt, issues);
`,
  replace: '',
};
