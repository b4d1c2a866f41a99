import { latest } from '../feed/placement.ts';
import { allFeedsTag, feedOfTag } from './tags.ts';

/** The formats in which readers can subscribe to a feed; a purge notifies the hub of all of them. */
const formats = ['rss', 'atom', 'json'];

/**
 * Returns the WebSub topics (absolute feed URLs) for a purge's tags before they are collapsed. The tag of all lists
 * names no feed, so it stands for Latest News.
 */
export function topicsOf(siteUrl: string, tags: Iterable<string>): string[] {
  const distinct = new Set(tags);
  const named = [...distinct].flatMap((tag) => feedOfTag(tag) ?? []);
  const feeds = named.length === 0 && distinct.has(allFeedsTag) ? [latest] : named.sort();
  return feeds.flatMap((feed) => formats.map((format) => `${siteUrl}/feeds/${feed}.${format}`));
}
