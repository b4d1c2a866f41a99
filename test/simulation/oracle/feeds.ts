import type { Fact } from './fact.ts';
import { articleIdOf } from './keys.ts';
import type { SentArticle, SentPost } from './sent.ts';

/** Returns the feeds that list a version. */
export function feedsOfFact({ post, profile }: Fact, article: SentArticle): string[] {
  if (post) return feedsOfPost(post);
  return profile ? [`${authorFeed(article.headlines?.[0]?.value ?? '')}/profile`] : feedsOf(article);
}

function authorFeed(name: string): string {
  return `author/${name.toLowerCase().replace(' ', '-')}`;
}

function feedsOfPost({ story, key, pinned }: SentPost): string[] {
  const feed = `live/${articleIdOf(story)}`;
  return [feed, ...(key === true ? [`${feed}/key`] : []), ...(pinned === true ? [`${feed}/pinned`] : [])];
}

/** All feeds that list an article of the simulation. */
function feedsOf(article: SentArticle): string[] {
  const feeds = ['latest'];
  for (const { rel, literal, name } of article.subjects ?? []) {
    if (rel !== 'section') feeds.push(`topic/${(name ?? '').toLowerCase()}`);
    else
      for (const [index] of (literal ?? '').split('/').entries())
        feeds.push(
          `section/${(literal ?? '')
            .split('/')
            .slice(0, index + 1)
            .join('/')}`,
        );
  }
  if (article.by !== undefined) feeds.push(authorFeed(article.by));
  return feeds;
}
