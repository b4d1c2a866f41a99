import type { Article } from '../../shared/article/article.ts';
import type { Card } from '../../shared/article/card.ts';
import { hasOwnPage } from '../../shared/article/head.ts';
import { liveFeed, type Live } from '../../shared/article/post.ts';
import { cursorOf } from '../../shared/feed/feed.ts';
import type { FeedPage } from '../../shared/feed/feed.ts';
import { articleWithout } from '../../shared/picture/picture.ts';
import { allFeedsTag, articleTag, feedTag } from '../../shared/purge/tags.ts';
import { liveArticle, type LiveArticle } from './live-article.ts';
import type { DeliverPorts } from './ports.ts';

/** The maximum number of posts on one page of a live story. */
export const postsOnAPage = 20;
const maxKeyPoints = 10;
/**
 * The maximum size of the posts on one page; longer posts end the page earlier. With stylesheet and scripts the page has
 * at most 40 KB, unless the pinned post and the newest one alone are larger.
 */
const maxBytesOfPosts = 19_000;
/** The size of a post's structured data, and of a key point. */
const bytesBeside = { post: 550, keyPoint: 300 };

/** A post as a page shows it. */
export interface ShownPost {
  readonly card: Card;
  readonly article: Article;
  /** An address that shows the post however many posts follow it. */
  readonly permalink: string;
}

/** A post as HTML. */
export interface WrittenPost extends ShownPost {
  readonly markup: string;
}

/** A page of a live story's posts, newest first. The first page alone has key points and a pinned post. */
export interface PostsPage {
  readonly posts: readonly WrittenPost[];
  readonly pinned: WrittenPost | undefined;
  readonly keyPoints: readonly { readonly card: Card; readonly permalink: string }[];
  /** The address of the page with older posts. */
  readonly older: string | undefined;
  /** The `seq` of the newest change of a post. */
  readonly seq: number;
}

/** A post with its pulled pictures, which are removed only if the page shows it: that takes time for a long text. */
interface Read {
  readonly card: Card;
  readonly article: Article;
  readonly place: string;
}

/** Returns a live story by its id; undefined if it is not public, and then its posts are not public either. */
export async function liveStory(
  ports: Pick<DeliverPorts, 'articles' | 'clock'>,
  storyId: string,
): Promise<(LiveArticle & { readonly live: Live }) | undefined> {
  const story = await liveArticle(ports.articles, storyId, ports.clock.now());
  return story?.live && hasOwnPage(story.head) ? { ...story, live: story.live } : undefined;
}

/** Returns the tags of every response that shows posts of a live story. */
export function tagsOfPosts(storyId: string): string[] {
  return [articleTag(storyId), feedTag(liveFeed(storyId)), allFeedsTag];
}

/**
 * Returns the posts below `after`, a place in their feed. The present head of each is read, because the feed's row may be
 * late. `write` returns the HTML of one.
 */
export async function postsOf(
  { articles, feeds, pictures, clock }: DeliverPorts,
  storyId: string,
  after: string | undefined,
  write: (post: ShownPost, isPinned: boolean) => Promise<string>,
): Promise<PostsPage> {
  const nothing: FeedPage = { entries: [], more: false, seq: 0, removed: [] };
  const isFirst = after === undefined;
  const [page, pinnedPage, keyPage, pulled] = await Promise.all([
    feeds.page(liveFeed(storyId), postsOnAPage, after),
    isFirst ? feeds.page(liveFeed(storyId, 'pinned'), 1, undefined) : nothing,
    isFirst ? feeds.page(liveFeed(storyId, 'key'), maxKeyPoints, undefined) : nothing,
    pictures.pulled(),
  ]);
  const read = async ({ entries }: FeedPage): Promise<readonly Read[]> => {
    const found = await Promise.all(
      entries.map(async ({ card: { articleId }, place }) => {
        const post = await liveArticle(articles, articleId, clock.now());
        const card = post?.head.liveStory === storyId ? post.head.card : undefined;
        return card && post ? [{ card, place, article: post.article }] : [];
      }),
    );
    return found.flat();
  };
  const [posts, [pinned]] = await Promise.all([read(page), read(pinnedPage)]);
  const written = async ({ card, article }: Read, isPinned: boolean): Promise<WrittenPost> => {
    const post = { card, article: articleWithout(article, pulled), permalink: permalinkOf(storyId, card) };
    return { ...post, markup: await write(post, isPinned) };
  };
  const above = pinned && (await written(pinned, true));
  const shown: WrittenPost[] = [];
  let bytes = keyPage.entries.length * bytesBeside.keyPoint + (above ? bytesOf(above) : 0);
  let last: string | undefined;
  let isFull = false;
  for (const post of posts) {
    if (post.card.articleId !== pinned?.card.articleId) {
      const next = await written(post, false);
      bytes += bytesOf(next);
      isFull = bytes > maxBytesOfPosts && shown.length > 0;
      if (isFull) break;
      shown.push(next);
    }
    last = post.place;
  }
  if (!isFull) last = page.entries.at(-1)?.place;
  return {
    posts: shown,
    pinned: above,
    keyPoints: keyPage.entries.map(({ card }) => ({ card, permalink: permalinkOf(storyId, card) })),
    older: (page.more || isFull) && last !== undefined ? pageAfter(storyId, last) : undefined,
    seq: Math.max(page.seq, pinnedPage.seq, keyPage.seq),
  };
}

function bytesOf({ markup }: WrittenPost): number {
  return Buffer.byteLength(markup) + bytesBeside.post;
}

function pageAfter(storyId: string, place: string): string {
  return `/articles/${storyId}.posts.html?after=${cursorOf(place)}`;
}

/** Returns the address of the page that begins with a post: its cursor is the place one millisecond above the post. */
export function permalinkOf(storyId: string, { articleId, firstPublished }: Card): string {
  const above = new Date(Date.parse(firstPublished) + 1).toISOString();
  return `${pageAfter(storyId, `${above}#${articleId}`)}#post-${articleId}`;
}
