import { atom } from './atom-feed.ts';
import type { FeedContent } from './feed-parts.ts';
import { jsonFeed } from './json-feed.ts';
import { rss } from './rss-feed.ts';
import type { Site } from './site.ts';

export interface FeedFormat {
  readonly contentType: string;
  /** Whether the format has whole texts even if the theme's feeds have summaries. */
  readonly hasTexts?: true;
  readonly write: (site: Site, content: FeedContent) => string | Promise<string>;
}

/** The formats of feeds, by the extension of their paths. */
export const feedFormats: Readonly<Record<string, FeedFormat>> = {
  json: { contentType: 'application/feed+json; charset=utf-8', write: jsonFeed },
  rss: { contentType: 'application/rss+xml; charset=utf-8', write: rss },
  atom: { contentType: 'application/atom+xml; charset=utf-8', write: atom },
  // Media RSS for syndication partners, with whole texts and all pictures.
  mrss: { contentType: 'application/rss+xml; charset=utf-8', hasTexts: true, write: rss },
};

/** Returns headers that name a feed's hub, and the feed's address at the hub (WebSub §4). */
export function hubHeaders({ theme: { hub } }: Site, selfUrl: string): Readonly<Record<string, string>> {
  return hub === undefined ? {} : { link: `<${hub}>; rel="hub", <${selfUrl}>; rel="self"` };
}
