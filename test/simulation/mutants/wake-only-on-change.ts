import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A settle is scheduled only if the head changed.',
  file: 'shared/article/settle-article.ts',
  search: '  if (settleAt !== undefined) await settleSchedule.settleAt(articleId, settleAt);',
  replace:
    '  if (settleAt !== undefined && stored.head && now - stored.head.settledAt < 100) await settleSchedule.settleAt(articleId, settleAt);',
};
