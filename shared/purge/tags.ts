/** Cache tags (surrogate keys), case-insensitive at the CDN: everything they are made of is lower case. */

/** The header that an origin says them in. A distribution reads one only, and S3 has no other than the metadata of its objects. */
export const tagHeader = 'x-amz-meta-cache-tag';

/** Carried by every response that shows a list, so that one purge reaches them all. */
export const allFeedsTag = 'feeds';

/** On every page that goes with the picture, shown or pulled. */
export const pictureTag = (pictureId: string): string => `picture:${pictureId}`;

/** On every page with more pictures than it could carry tags of. */
export const galleriesTag = 'galleries';

/** On what changes with a deployment only, so that it can be purged by hand. */
export const siteTag = 'site';

export const articleTag = (articleId: string): string => `article:${articleId}`;

/** On every front whose definition pins the article, shown or not. */
export const pinTag = (articleId: string): string => `pin:${articleId}`;

export const frontTag = (name: string): string => `front:${name}`;

export const feedTag = (feed: string): string => `feed:${feed.replaceAll('/', ':')}`;

/** The feed that a tag is of. */
export function feedOfTag(tag: string): string | undefined {
  return tag.startsWith('feed:') ? tag.slice('feed:'.length).replaceAll(':', '/') : undefined;
}

/**
 * More feeds than this in one flush cost less as one purge of them all: a path is paid like two thousand answers of the
 * origin, and lists run out within seconds anyway, so that what is purged in vain costs next to nothing.
 */
const maxFeedsInAFlush = 3;

/** The fewest tags that cover a flush: each once, in a fixed order, many feeds as one. */
export function collapseTags(tags: Iterable<string>): string[] {
  const distinct = [...new Set(tags)].sort();
  const isFeed = (tag: string): boolean => feedOfTag(tag) !== undefined;
  if (!distinct.includes(allFeedsTag) && distinct.filter(isFeed).length <= maxFeedsInAFlush) return distinct;
  return [...new Set([...distinct.filter((tag) => !isFeed(tag)), allFeedsTag])].sort();
}
