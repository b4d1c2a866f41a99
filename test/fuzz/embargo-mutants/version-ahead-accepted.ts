import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'A version whose time lies far ahead is stored, and wins over every later one.',
  file: 'shared/article/accept.ts',
  search: `aheadOfTime(receivedAt, { 'article.versionCreated': item.value.versionCreated })`,
  replace: `aheadOfTime(receivedAt, {})`,
};
