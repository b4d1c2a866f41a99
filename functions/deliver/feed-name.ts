import type { Card } from '../../shared/article/card.ts';
import { nameOfSlug } from '../../shared/article/slug.ts';
import { feedKinds, type FeedKindName, type NamedFeed } from '../../shared/feed/placement.ts';
import type { Articles } from '../../shared/article/ports.ts';
import { articleTag } from '../../shared/purge/tags.ts';
import { liveArticle } from './live-article.ts';
import { sectionName, type Site } from './site.ts';

/** The name of a feed, and the tags of the articles that it was read from. */
export interface FeedName {
  readonly title: string;
  readonly tags: readonly string[];
}

/**
 * Returns the name of a feed. A slug lacks accents, spaces and other scripts, so the name is read from the cards, else
 * from the feed's newest article.
 */
export async function nameOfFeed(
  articles: Pick<Articles, 'head' | 'version'>,
  site: Site,
  feed: string,
  cards: readonly Card[],
): Promise<FeedName> {
  const [, kind = '', below = ''] = /^([^/]+)\/(.+)$/.exec(feed) ?? [];
  if (!isKind(kind)) return { title: site.words.latest, tags: [] };
  if (kind === 'section')
    return { title: sectionName(site, below, cards.find(({ section }) => section === below)?.sectionName), tags: [] };
  const { feedsOf, feedsOnCard } = feedKinds[kind];
  const isIt = (named: NamedFeed): boolean => named.feed === feed;
  const found = cards.flatMap(feedsOnCard).find(isIt);
  if (found) return { title: found.name, tags: [] };
  const [newest] = cards;
  const article = newest && (await liveArticle(articles, newest.articleId))?.article;
  const named = article && feedsOf(article).find(isIt);
  // A change of the name's spelling touches neither card nor placement, so only the article's own tag is purged for it.
  return { title: named?.name ?? nameOfSlug(below), tags: newest ? [articleTag(newest.articleId)] : [] };
}

function isKind(name: string): name is FeedKindName {
  return Object.hasOwn(feedKinds, name);
}
