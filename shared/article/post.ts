import { articleIdOf } from './article.ts';

/** The fields that make an article a live story: its page shows posts, newest first. Times in UTC with milliseconds. */
export interface Live {
  readonly coverageStartTime?: string | undefined;
  /** When the coverage ends. After that, pages no longer ask for new posts. */
  readonly coverageEndTime?: string | undefined;
}

/** The fields that make an item a post of a live story. A post has no address, feed or front of its own. */
export interface Post {
  /** The uri of the live story. */
  readonly story: string;
  /** Whether the page lists it among the key points. */
  readonly key?: boolean | undefined;
  /** Whether the post is shown above all others. If several are pinned, only the newest is. */
  readonly pinned?: boolean | undefined;
}

type PartOfPosts = 'key' | 'pinned';

/** Matches the feeds of a live story's posts. */
export const liveFeedPattern = /^live\/([a-z2-7]{16})(?:\/(?:key|pinned))?$/;

/** Returns the feed of a live story's posts, or of those that the desk marked. */
export function liveFeed(storyId: string, part?: PartOfPosts): string {
  return `live/${storyId}${part === undefined ? '' : `/${part}`}`;
}

/** Returns the feeds that list a post. */
export function postFeeds({ story, key, pinned }: Post): string[] {
  const storyId = articleIdOf(story);
  return [
    liveFeed(storyId),
    ...(key === true ? [liveFeed(storyId, 'key')] : []),
    ...(pinned === true ? [liveFeed(storyId, 'pinned')] : []),
  ];
}

/** Returns only these fields: the sender may have added others. */
export function postOf({ story, key, pinned }: Post): Post {
  return { story, ...(key === true && { key }), ...(pinned === true && { pinned }) };
}

/** Returns only these fields: the sender may have added others. */
export function liveOf({ coverageStartTime, coverageEndTime }: Live): Live {
  return {
    ...(coverageStartTime !== undefined && { coverageStartTime }),
    ...(coverageEndTime !== undefined && { coverageEndTime }),
  };
}
