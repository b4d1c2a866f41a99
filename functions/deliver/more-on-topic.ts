import { html } from 'hono/html';
import type { Article } from '../../shared/article/article.ts';
import type { Card } from '../../shared/article/card.ts';
import { hasOwnPage } from '../../shared/article/head.ts';
import { feedKinds, type NamedFeed } from '../../shared/feed/placement.ts';
import { allFeedsTag, articleTag, feedTag } from '../../shared/purge/tags.ts';
import { pageHeaders } from './document.ts';
import { notFoundPage } from './error-page.ts';
import { rail } from './front-page.ts';
import { answer, listLifetime, type Request, type Response } from './http.ts';
import { liveArticle } from './live-article.ts';
import type { DeliverPorts } from './ports.ts';
import { feedPagePath, type Site } from './site.ts';
import { teaser } from './teaser.ts';

const maxStories = 4;
/** Each topic takes a query. */
const maxTopics = 3;

/**
 * Returns the fragment with other stories of an article's topic, for articles without related ones that the desk chose.
 * It is cached as a list of its own: within the articles' pages, each new story would purge all pages of its topic.
 */
export async function moreOnTopic(
  ports: DeliverPorts,
  site: Site,
  request: Request,
  articleId: string,
): Promise<Response> {
  const live = await liveArticle(ports.articles, articleId);
  if (!live || !hasOwnPage(live.head)) return notFoundPage(ports, site, [articleTag(articleId)]);
  const topics = topicsToRead(live.article, live.head.feeds ?? []);
  const read = await Promise.all(topics.map(async (topic) => storiesOf(ports.feeds, topic, articleId)));
  // The rarest topic describes the article best: the one with the fewest other stories, or whose latest reach back
  // furthest.
  const [best] = read
    .filter(({ cards }) => cards.length > 0)
    .sort((a, b) => a.cards.length - b.cards.length || oldestOf(a.cards) - oldestOf(b.cards));
  return answer(request, {
    contentType: 'text/html; charset=utf-8',
    body: best ? (await fragmentOf(site, best.topic, best.cards)).toString() : '',
    cacheControl: listLifetime(site.lists),
    tags: [articleTag(articleId), allFeedsTag, ...topics.map(({ feed }) => feedTag(feed))],
    changedAt: 0,
    headers: { ...pageHeaders(site), 'x-robots-tag': 'noindex' },
  });
}

/** Returns the topics whose feeds list the article. */
export function topicsToRead(article: Article, feeds: readonly string[]): NamedFeed[] {
  return feedKinds.topic
    .feedsOf(article)
    .filter(({ feed }) => feeds.includes(feed))
    .slice(0, maxTopics);
}

/** Returns the latest other stories of a topic. */
async function storiesOf(
  feeds: DeliverPorts['feeds'],
  topic: NamedFeed,
  own: string,
): Promise<{ readonly topic: NamedFeed; readonly cards: readonly Card[] }> {
  const { entries } = await feeds.page(topic.feed, maxStories + 1, undefined);
  const cards = entries.map(({ card }) => card).filter(({ articleId }) => articleId !== own);
  return { topic, cards: cards.slice(0, maxStories) };
}

/** Returns when the oldest of some cards was published, epoch ms. */
function oldestOf(cards: readonly Card[]): number {
  return Date.parse(cards.at(-1)?.firstPublished ?? '');
}

/** Returns the fragment. Its stories are marked as pins, so that the front below does not repeat them. */
function fragmentOf(site: Site, { feed, name }: NamedFeed, cards: readonly Card[]) {
  const title = `${site.words.moreOn} ${name}`;
  return rail(
    site,
    { title, seeMore: feedPagePath(feed), items: cards },
    html`<ul class="cards" data-limit="${maxStories}">${cards.map((card) => html`<li class="card" data-id="${card.articleId}" data-pin>${teaser(site, card, 'card')}</li>`)}</ul>`,
  );
}
