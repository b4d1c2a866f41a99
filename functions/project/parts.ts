import { announcementId, envelopeOf, type Announcement } from '../../shared/events/announcement.ts';
import { saySame } from '../../shared/canonical.ts';
import { hostFeedOf, type Head, type HeadChange } from '../../shared/article/head.ts';
import { liveFeedPattern } from '../../shared/article/post.ts';
import type { Articles } from '../../shared/article/ports.ts';
import type { Announcer } from '../../shared/events/ports.ts';
import type { Lists } from '../../shared/feed/lists.ts';
import { feedTag } from '../../shared/purge/tags.ts';
import { requestPurge, lastOf, originatedBy, urgentUrgency, type PurgePorts } from './request-purge.ts';

export interface PartPorts extends PurgePorts {
  readonly articles: Pick<Articles, 'head'>;
  readonly announcer: Announcer;
  readonly lists?: Lists | undefined;
}

/**
 * Returns the changes of articles, without posts and profiles. For subscribers, an article that became a post or a
 * profile is withdrawn, and the reverse is a new article.
 */
export function changesOfArticles(changes: readonly HeadChange[]): HeadChange[] {
  return changes.flatMap((change) => {
    const images = [change.before, change.after];
    if (!images.some(isPart)) return [change];
    const isOfAnArticle = images.some((image) => image && !isPart(image) && image.visibility !== 'hidden');
    return isOfAnArticle ? [{ before: asArticle(change.before), after: asArticle(change.after) }] : [];
  });
}

function isPart(image: Head | undefined): boolean {
  return image !== undefined && hostFeedOf(image) !== undefined;
}

function asArticle(image: Head | undefined): Head | undefined {
  if (!image || !isPart(image)) return image;
  const { articleId, uri, seq, settledAt, origin } = image;
  return { articleId, uri, seq, settledAt, origin, change: 'withdrawn', visibility: 'hidden' };
}

/**
 * Purges the pages on which a post or a profile changed, and announces their feeds. A live story that is not public is
 * skipped: its posts are not public either, and its own change purges and announces its feeds. The story's head is read
 * after the post's row is written, so that a page made from a later head has the row.
 */
export async function projectParts(ports: PartPorts, changes: readonly HeadChange[]): Promise<void> {
  for (const host of new Set(changes.flatMap(hostsOf))) {
    const [, story] = liveFeedPattern.exec(host) ?? [];
    const head = story === undefined ? undefined : await ports.articles.head(story);
    if (story !== undefined && head?.visibility !== 'live') continue;
    const own = changes.filter((change) => hostsOf(change).includes(host));
    const withdrawn = own.some(({ after }) => !after || hostFeedOf(after) !== host);
    const urgent = own.some(({ after }) => (after?.urgency ?? Infinity) <= urgentUrgency);
    if (ports.lists !== 'ttl' || withdrawn)
      await requestPurge(
        ports,
        { tags: [feedTag(host)], articles: [], ...originatedBy(lastOf(own)) },
        { withdrawn, urgent },
      );
    await ports.announcer.announce(own.flatMap((change) => feedsChanged(change, host, story ?? host)));
  }
}

/** Returns the feeds on whose pages the two images of a change differ. */
function hostsOf({ before, after }: HeadChange): string[] {
  if (saySame(onPage(before), onPage(after))) return [];
  return [...new Set([before, after].flatMap((image) => (image && hostFeedOf(image)) ?? []))];
}

/**
 * Returns the parts of a head that the host's page shows. It shows the whole item, so every new version is a change.
 */
function onPage(image: Head | undefined): object {
  const { liveStory, profileOf, version, leftOut, feeds, place } = image ?? {};
  return image && isPart(image) ? { liveStory, profileOf, version, leftOut, feeds, place } : {};
}

/**
 * Returns the announcement of the host's feeds. `id` distinguishes the announcements of one change about several pages.
 */
function feedsChanged({ before, after }: HeadChange, host: string, id: string): Announcement[] {
  if (!after) return [];
  const { articleId, seq, settledAt, origin } = after;
  const feeds = [...(before?.feeds ?? []), ...(after.feeds ?? [])].filter((feed) => `${feed}/`.startsWith(`${host}/`));
  return [
    {
      type: 'feed.changed',
      detail: {
        ...envelopeOf('feed.changed', announcementId('feed.changed', articleId, seq, id), settledAt, origin, seq),
        feeds: [...new Set(feeds)],
        articleId,
      },
    },
  ];
}
