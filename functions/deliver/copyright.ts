import type { Article } from '../../shared/article/article.ts';

/** Returns the copyright line of an article or a picture: the sender's notice, else one with the holder's name. */
export function copyrightOf({
  copyrightNotice,
  copyrightHolder,
}: Pick<Article, 'copyrightHolder' | 'copyrightNotice'>): string | undefined {
  const notice = copyrightNotice?.trim() ?? '';
  const holder = copyrightHolder?.trim() ?? '';
  return notice !== '' ? notice : holder === '' ? undefined : `© ${holder.replace(/^(?:©|\(c\))\s*/i, '')}`;
}
