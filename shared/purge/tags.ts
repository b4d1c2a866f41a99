/** Cache tags (surrogate keys). The CDN ignores their case, so all parts are lower case. */

/**
 * The response header with the tags. A distribution reads only one header, and S3 offers only object metadata
 * (`x-amz-meta-…`).
 */
export const tagHeader = 'x-amz-meta-cache-tag';

/** Every response that shows a list has it, so that one purge reaches all lists. */
export const allFeedsTag = 'feeds';

/** Every page with the picture has it, whether the picture is shown or pulled. */
export const pictureTag = (pictureId: string): string => `picture:${pictureId}`;

/** Every page with more pictures than its tags have room for has it. */
export const galleriesTag = 'galleries';

/** Responses that change only with a deployment have it, so that an operator can purge them. */
export const siteTag = 'site';

export const articleTag = (articleId: string): string => `article:${articleId}`;

/** Every front whose definition pins the article has it, shown or not. */
export const pinTag = (articleId: string): string => `pin:${articleId}`;

export const frontTag = (name: string): string => `front:${name}`;

/**
 * Returns the tag of a feed. All feeds of a live story share one tag, so that a post costs one tag. All feeds of an
 * author share one too.
 */
export const feedTag = (feed: string): string =>
  `feed:${feed.replace(/^((?:live|author)\/[^/]+)\/.*$/, '$1').replaceAll('/', ':')}`;

/** Returns the feed of a tag; undefined for a tag of another kind. */
export function feedOfTag(tag: string): string | undefined {
  return tag.startsWith('feed:') ? tag.slice('feed:'.length).replaceAll(':', '/') : undefined;
}

/**
 * If a flush has more feeds than this, they are purged as one tag. A path costs as much as two thousand responses of
 * the origin, and lists expire within seconds, so superfluous purges cost almost nothing.
 */
const maxFeedsInAFlush = 3;

/** Returns the fewest tags that cover a flush: without duplicates, in a fixed order, many feeds as one. */
export function collapseTags(tags: Iterable<string>): string[] {
  const distinct = [...new Set(tags)].sort();
  const isFeed = (tag: string): boolean => feedOfTag(tag) !== undefined;
  if (!distinct.includes(allFeedsTag) && distinct.filter(isFeed).length <= maxFeedsInAFlush) return distinct;
  return [...new Set([...distinct.filter((tag) => !isFeed(tag)), allFeedsTag])].sort();
}
