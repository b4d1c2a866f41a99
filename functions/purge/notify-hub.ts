import type { Hub, PurgeRequest } from '../../shared/purge/ports.ts';
import { latest } from '../../shared/feed/placement.ts';
import { allFeedsTag, feedOfTag } from '../../shared/purge/tags.ts';

export interface NotifyHubPorts {
  readonly hub: Hub;
  /** Absolute origin of every feed's address, without a trailing slash. */
  readonly siteUrl: string;
}

/** Notifies the hub of the feeds that a flush made stale, after the CDN dropped their old copies. */
export async function notifyHub({ hub, siteUrl }: NotifyHubPorts, requests: readonly PurgeRequest[]): Promise<void> {
  const topics = topicsOf(
    siteUrl,
    requests.flatMap(({ tags }) => tags),
  );
  if (topics.length > 0) await hub.notify(topics);
}

/** The formats in which readers can subscribe to a feed; a purge notifies the hub of all of them. */
const formats = ['rss', 'atom', 'json'];

/**
 * Returns the WebSub topics (absolute feed URLs) for a purge's tags before they are collapsed. The tag of all lists
 * names no feed, so it stands for Latest News.
 */
function topicsOf(siteUrl: string, tags: Iterable<string>): string[] {
  const distinct = new Set(tags);
  const named = [...distinct].flatMap((tag) => feedOfTag(tag) ?? []);
  const feeds = named.length === 0 && distinct.has(allFeedsTag) ? [latest] : named.sort();
  return feeds.flatMap((feed) => formats.map((format) => `${siteUrl}/feeds/${feed}.${format}`));
}
