import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'HTML that is rendered anew at each request is a new version.',
  file: 'shared/cms/readers-view.ts',
  search: '  return isMarkup ? { ...item, value: sameMarkup(text) } : item;',
  replace: `  return isMarkup && text === '' ? { ...item, value: sameMarkup(text) } : item;`,
};
