import type { Article } from '../../shared/article/article.ts';
import { withCurrentMarkup } from '../../shared/article/current-markup.ts';
import { isStripped } from '../../shared/article/erasure.ts';
import type { Head } from '../../shared/article/head.ts';
import type { Articles } from '../../shared/article/ports.ts';
import type { Live } from '../../shared/article/post.ts';
import type { Profile } from '../../shared/article/profile.ts';
import { readableAt } from '../../shared/article/readable.ts';
import type { Content } from '../../shared/article/version.ts';

export interface LiveArticle {
  readonly head: Head;
  readonly article: Article;
  /** Present in a live story. */
  readonly live: Live | undefined;
  /** Present in an author's profile. */
  readonly profile: Profile | undefined;
}

/** Reads an article's present state; undefined if it is not live. */
export async function liveArticle(
  articles: Pick<Articles, 'head' | 'version'>,
  articleId: string,
  now?: number,
): Promise<LiveArticle | undefined> {
  const head = await articles.head(articleId);
  if (head?.visibility !== 'live' || head.version === undefined) return undefined;
  const version = await articles.version(articleId, head.version);
  if (!version || isStripped(version.content)) return undefined;
  const { live, profile } = version.content;
  return { head, article: await articleShownAt(head, version.content, now), live, profile };
}

/**
 * Returns the article as its head was settled, without associations that have ended by `now` (epoch ms). Associations
 * that begin later wait for the next settle: only a change of the head purges the page.
 */
export async function articleShownAt(
  { settledAt }: Pick<Head, 'settledAt'>,
  content: Content,
  now = settledAt,
): Promise<Article> {
  const { article } = await withCurrentMarkup(content);
  return readableAt(readableAt(article, settledAt).article, Math.max(now, settledAt)).article;
}
