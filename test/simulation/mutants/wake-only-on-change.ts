import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A wake-up call is made only when the head changed.',
  file: 'shared/article/settle-article.ts',
  search: '  if (wakeAt !== undefined) await wakeUpCalls.wakeAt(articleId, wakeAt);',
  replace: '  if (wakeAt !== undefined && dossier.head && now - dossier.head.settledAt < 100) await wakeUpCalls.wakeAt(articleId, wakeAt);',
};
