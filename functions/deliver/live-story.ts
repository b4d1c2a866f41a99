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

/** The posts on one page of a live story. */
export const postsOnAPage = 20;
const maxKeyPoints = 10;
/** A page ends earlier with long posts, so that it fits into one answer of a function. */
const maxBytesOfPosts = 500_000;

/** A post as a page shows it. */
export interface ShownPost {
  readonly card: Card;
  readonly article: Article;
  /** An address at which the post is, whatever is posted after it. */
  readonly permalink: string;
}

/** A page of a live story's posts, newest first. The first page alone has key points and a pinned post. */
export interface PostsPage {
  readonly posts: readonly ShownPost[];
  readonly pinned: ShownPost | undefined;
  readonly keyPoints: readonly { readonly card: Card; readonly permalink: string }[];
  /** The address of the page with older posts. */
  readonly older: string | undefined;
  /** Of the newest change, the story's own apart. */
  readonly seq: number;
}

/** A post before pulled pictures are taken out, which takes time for a long text. */
interface Read {
  readonly card: Card;
  readonly article: Article;
  readonly place: string;
}

/** Returns the live story of an id if it is public: its posts are so only then. */
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

/** Returns the posts below `after`, a place in their feed. Each is read as it is now, since its row may be late. */
export async function postsOf(
  { articles, feeds, pictures, clock }: DeliverPorts,
  storyId: string,
  after: string | undefined,
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
  let bytes = 0;
  const fitting = posts.filter(
    ({ article }, index) => (bytes += Buffer.byteLength(JSON.stringify(article))) <= maxBytesOfPosts || index === 0,
  );
  const shown = ({ card, article }: Read): ShownPost => ({
    card,
    article: articleWithout(article, pulled),
    permalink: permalinkOf(storyId, card),
  });
  const last = fitting.length < posts.length ? fitting.at(-1)?.place : page.entries.at(-1)?.place;
  return {
    posts: fitting.filter(({ card }) => card.articleId !== pinned?.card.articleId).map(shown),
    pinned: pinned && shown(pinned),
    keyPoints: keyPage.entries.map(({ card }) => ({ card, permalink: permalinkOf(storyId, card) })),
    older: (page.more || fitting.length < posts.length) && last !== undefined ? pageAfter(storyId, last) : undefined,
    seq: Math.max(page.seq, pinnedPage.seq, keyPage.seq),
  };
}

function pageAfter(storyId: string, place: string): string {
  return `/articles/${storyId}.posts.html?after=${cursorOf(place)}`;
}

/** Returns the address of the page that begins with a post: behind the place one millisecond above it. */
export function permalinkOf(storyId: string, { articleId, firstPublished }: Card): string {
  const above = new Date(Date.parse(firstPublished) + 1).toISOString();
  return `${pageAfter(storyId, `${above}#${articleId}`)}#post-${articleId}`;
}
