import type { Article } from '../../shared/article/article.ts';
import { withCurrentMarkup } from '../../shared/article/current-markup.ts';
import { isStripped } from '../../shared/article/erasure.ts';
import type { Head } from '../../shared/article/head.ts';
import type { Articles } from '../../shared/ports.ts';
import { readableAt } from '../../shared/article/readable.ts';
import type { Content } from '../../shared/article/version.ts';

/** What readers see of an article that a list shows, as far as it is still there. */
export async function liveArticle(
  articles: Pick<Articles, 'head' | 'version'>,
  articleId: string,
  now?: number,
): Promise<{ readonly head: Head; readonly article: Article } | undefined> {
  const head = await articles.head(articleId);
  if (head?.visibility !== 'live' || head.version === undefined) return undefined;
  const version = await articles.version(articleId, head.version);
  return version && !isStripped(version.content)
    ? { head, article: await articleShownAt(head, version.content, now) }
    : undefined;
}

/**
 * The article as its head was settled, without what has ended by `now` (epoch ms). What began to be shown since then waits for
 * the next settle: its change of the head is what purges the page, and another clock's early start would never be purged.
 */
export async function articleShownAt(
  { settledAt }: Pick<Head, 'settledAt'>,
  content: Content,
  now = settledAt,
): Promise<Article> {
  const { article } = await withCurrentMarkup(content);
  return readableAt(readableAt(article, settledAt).article, Math.max(now, settledAt)).article;
}
