/** What a hub is told by, once for all feeds of a purge: the forms in which a feed can be subscribed to. */
const formats = ['rss', 'atom', 'json'];

const feedTagPrefix = 'feed:';

/**
 * The WebSub topics that a purge changed, by its tags before they are collapsed. A purge of every list, which names no
 * feed, is told of Latest News.
 */
export function topicsOf(siteUrl: string, tags: Iterable<string>): string[] {
  const distinct = new Set(tags);
  const named = [...distinct]
    .filter((tag) => tag.startsWith(feedTagPrefix))
    .map((tag) => tag.slice(feedTagPrefix.length).replaceAll(':', '/'));
  const feeds = named.length === 0 && distinct.has('feeds') ? ['latest'] : named.sort();
  return feeds.flatMap((feed) => formats.map((format) => `${siteUrl}/feeds/${feed}.${format}`));
}
