import { announcementId, envelopeOf, type Announcement } from '../../shared/events/announcement.ts';
import { originFields, type Origin } from '../../shared/article/origin.ts';
import type { Announcer } from '../../shared/events/ports.ts';
import type { Cdn, PurgedArticle, PurgeRequest } from '../../shared/purge/ports.ts';
import { collapseTags } from '../../shared/purge/tags.ts';

export interface PurgePorts {
  readonly cdn: Cdn;
  readonly announcer: Announcer;
}

/** CloudFront's limit is 3,000 paths, in one call and in progress. A single flush should not reach it. */
const maxTags = 1000;

/**
 * Purges the tags that a batch of messages requests, in as few calls and paths as possible, and announces it. Returns
 * the number of paths.
 */
export async function purge(
  ports: PurgePorts,
  batch: readonly { readonly messageId: string; readonly request: PurgeRequest }[],
): Promise<number> {
  // The messages are sorted, so that a repeated batch results in the same announcement.
  const messages = batch.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
  const messageIds = messages.map(({ messageId }) => messageId);
  const tags = collapseTags(messages.flatMap(({ request }) => request.tags));
  const requests = messages.map(({ request }) => request);
  const articles = newestOf(requests.flatMap((request) => request.articles));
  const announcements: Announcement[] = [];
  for (let start = 0; start < tags.length; start += maxTags) {
    const part = tags.slice(start, start + maxTags);
    // The reference contains the messages' ids and not only the tags: CloudFront ignores a reference that it has seen
    // before.
    const { invalidationId, takenAt } = await ports.cdn.purge(announcementId('purge', ...messageIds, ...part), part);
    announcements.push({
      type: 'cdn.purged',
      detail: {
        ...envelopeOf('cdn.purged', announcementId('cdn.purged', start, ...messageIds), takenAt, onlyOrigin(requests)),
        tags: part,
        invalidationId,
        articles,
      },
    });
  }
  // An article's tags may be spread over several calls. It is purged when the CDN took all of them.
  await ports.announcer.announce(announcements);
  return tags.length;
}

/** Returns each article once, with its last change. */
function newestOf(articles: readonly PurgedArticle[]): PurgedArticle[] {
  const newest = new Map<string, PurgedArticle>();
  for (const article of articles)
    if (article.seq > (newest.get(article.articleId)?.seq ?? -1)) newest.set(article.articleId, article);
  return [...newest.values()].map(({ articleId, seq, ...origin }) => ({ articleId, seq, ...originFields(origin) }));
}

/** Returns the origin that all requests share, if there is one; otherwise each article names its own. */
function onlyOrigin(requests: readonly PurgeRequest[]): Origin | undefined {
  const [first, ...others] = requests.map(({ origin }) => origin);
  return others.every((origin) => origin?.correlationId === first?.correlationId) ? first : undefined;
}
