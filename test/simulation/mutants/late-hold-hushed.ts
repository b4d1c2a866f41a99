import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Whatever changes while readers see what a silent replay brought is told to nobody, a hold too.',
  file: 'shared/settle-article.ts',
  search: 'const isNews = next !== known || (head?.told === undefined && next === says);',
  replace: 'const isNews = next === says;',
};
