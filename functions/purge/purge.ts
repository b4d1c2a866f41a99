import { announcementId, type Announcement } from '../../shared/announcement.ts';
import type { Announcer, Cdn, PurgeRequest } from '../../shared/ports.ts';
import { collapseTags } from '../../shared/tags.ts';

export interface PurgePorts {
  readonly cdn: Cdn;
  readonly announcer: Announcer;
}

/** CloudFront takes at most 3,000 paths in one call, and 3,000 in progress: no single flush should fill that. */
const mostTags = 1000;

/** Purges everything that a batch of messages asks for in as few calls and paths as it can, then says so. Returns how many paths that was. */
export async function purge(
  ports: PurgePorts,
  batch: readonly { readonly messageId: string; readonly request: PurgeRequest }[],
): Promise<number> {
  // In one order, so that a batch that comes back says the very same.
  const messages = batch.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
  const messageIds = messages.map(({ messageId }) => messageId);
  const tags = collapseTags(messages.flatMap(({ request }) => request.tags));
  const articles = newestOf(messages.flatMap(({ request }) => request.articles));
  const announcements: Announcement[] = [];
  for (let start = 0; start < tags.length; start += mostTags) {
    const part = tags.slice(start, start + mostTags);
    // The reference names the messages, not the tags alone: CloudFront swallows a reference that it has seen.
    const invalidationId = await ports.cdn.purge(announcementId('purge', ...messageIds, ...part), part);
    announcements.push({
      type: 'cdn.purged',
      detail: { id: announcementId('cdn.purged', start, ...messageIds), tags: part, invalidationId, articles },
    });
  }
  // An article's tags may be spread over several calls: it is purged when all of them were taken.
  await ports.announcer.announce(announcements);
  return tags.length;
}

function newestOf(articles: PurgeRequest['articles']): PurgeRequest['articles'] {
  const newest = new Map<string, number>();
  for (const { articleId, seq } of articles) newest.set(articleId, Math.max(newest.get(articleId) ?? 0, seq));
  return [...newest].map(([articleId, seq]) => ({ articleId, seq }));
}
