import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'HTML that differs only in how the CMS rendered it is a new version.',
  file: 'shared/cms/readers-view.ts',
  search: '  return isMarkup ? { ...item, value: sameMarkup(text) } : item;',
  replace: `  return isMarkup && text === '' ? { ...item, value: sameMarkup(text) } : item;`,
};
