import { latest } from '../feed/placement.ts';
import { allFeedsTag, feedOfTag } from './tags.ts';

/** What a hub is told by, once for all feeds of a purge: the forms in which a feed can be subscribed to. */
const formats = ['rss', 'atom', 'json'];

/**
 * The WebSub topics that a purge changed, by its tags before they are collapsed. A purge of every list, which names no
 * feed, is told of Latest News.
 */
export function topicsOf(siteUrl: string, tags: Iterable<string>): string[] {
  const distinct = new Set(tags);
  const named = [...distinct].flatMap((tag) => feedOfTag(tag) ?? []);
  const feeds = named.length === 0 && distinct.has(allFeedsTag) ? [latest] : named.sort();
  return feeds.flatMap((feed) => formats.map((format) => `${siteUrl}/feeds/${feed}.${format}`));
}
