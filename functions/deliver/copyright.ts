import type { Article } from '../../shared/article/article.ts';

/** Returns who owns an article or a picture: the notice as the sender wrote it, else made of the holder's name. */
export function copyrightOf({
  copyrightNotice,
  copyrightHolder,
}: Pick<Article, 'copyrightHolder' | 'copyrightNotice'>): string | undefined {
  const notice = copyrightNotice?.trim() ?? '';
  const holder = copyrightHolder?.trim() ?? '';
  return notice !== '' ? notice : holder === '' ? undefined : `© ${holder.replace(/^(?:©|\(c\))\s*/i, '')}`;
}
