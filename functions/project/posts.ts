import { announcementId, envelopeOf, type Announcement } from '../../shared/events/announcement.ts';
import { saySame } from '../../shared/canonical.ts';
import { liveFeed } from '../../shared/article/post.ts';
import type { Head } from '../../shared/article/head.ts';
import type { Articles } from '../../shared/article/ports.ts';
import type { Announcer } from '../../shared/events/ports.ts';
import type { Lists } from '../../shared/feed/lists.ts';
import { feedTag } from '../../shared/purge/tags.ts';
import { askFor, lastOf, originatedBy, urgentUrgency, type PurgePorts } from './ask-for-purge.ts';
import type { HeadChange } from './head-change.ts';

export interface PostPorts extends PurgePorts {
  readonly articles: Pick<Articles, 'head'>;
  readonly announcer: Announcer;
  readonly lists?: Lists | undefined;
}

/**
 * Returns the changes of articles, as they are for readers who know no posts: an article that became a post is
 * withdrawn, and a post that became an article is new.
 */
export function changesOfArticles(changes: readonly HeadChange[]): HeadChange[] {
  return changes.flatMap((change) => {
    const images = [change.before, change.after];
    if (!images.some(isPost)) return [change];
    const isOfAnArticle = images.some((image) => image && !isPost(image) && image.visibility !== 'hidden');
    return isOfAnArticle ? [{ before: asArticle(change.before), after: asArticle(change.after) }] : [];
  });
}

function isPost(image: Head | undefined): boolean {
  return image?.liveStory !== undefined;
}

function asArticle(image: Head | undefined): Head | undefined {
  if (!image || !isPost(image)) return image;
  const { articleId, uri, seq, settledAt, origin } = image;
  return { articleId, uri, seq, settledAt, origin, change: 'withdrawn', visibility: 'hidden' };
}

/**
 * Purges the pages of the live stories on which a post changed, and announces their feeds. Nothing is said of a story
 * that is not public: its posts are not public either, and its own change purges and announces what they are part of.
 * The story's head is read after the post's row was written, so that a page made of a later head has the row.
 */
export async function projectPosts(ports: PostPorts, changes: readonly HeadChange[]): Promise<void> {
  for (const story of new Set(changes.flatMap(storiesOf))) {
    const head = await ports.articles.head(story);
    if (head?.visibility !== 'live') continue;
    const own = changes.filter((change) => storiesOf(change).includes(story));
    const withdrawn = own.some(({ after }) => after?.liveStory !== story);
    const urgent = own.some(({ after }) => (after?.urgency ?? Infinity) <= urgentUrgency);
    if (ports.lists !== 'ttl' || withdrawn)
      await askFor(
        ports,
        { tags: [feedTag(liveFeed(story))], articles: [], ...originatedBy(lastOf(own)) },
        { withdrawn, urgent },
      );
    await ports.announcer.announce(own.flatMap((change) => feedsChanged(change, story)));
  }
}

/** Returns the live stories on whose pages the two images of a change differ. */
function storiesOf({ before, after }: HeadChange): string[] {
  const stories = [before?.liveStory, after?.liveStory].filter((story) => story !== undefined);
  return saySame(onPage(before), onPage(after)) ? [] : [...new Set(stories)];
}

/** The page of a live story shows the whole post, so every other version is a change of it. */
function onPage(image: Head | undefined): object {
  const { liveStory, version, leftOut, feeds, place } = image ?? {};
  return liveStory === undefined ? {} : { liveStory, version, leftOut, feeds, place };
}

function feedsChanged({ before, after }: HeadChange, story: string): Announcement[] {
  if (!after) return [];
  const { articleId, seq, settledAt, origin } = after;
  const feeds = [...(before?.feeds ?? []), ...(after.feeds ?? [])].filter((feed) =>
    `${feed}/`.startsWith(`${liveFeed(story)}/`),
  );
  const id = announcementId('feed.changed', articleId, seq, story);
  return [
    {
      type: 'feed.changed',
      detail: { ...envelopeOf('feed.changed', id, settledAt, origin, seq), feeds: [...new Set(feeds)], articleId },
    },
  ];
}
