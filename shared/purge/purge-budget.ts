import { allFeedsTag, feedOfTag } from './tags.ts';

/** The first paths of a month cost nothing, each further one this much (us-east-1). */
export const freePathsAMonth = 1000;
export const dollarsAPath = 0.005;

/** How many paths of a month that many dollars pay for. */
export function pathsFor(dollars: number): number {
  return freePathsAMonth + Math.floor(dollars / dollarsAPath);
}

/** A month as AWS bills it: `2026-11`, UTC. */
export function monthOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 7);
}

/** The longest that an answer is kept, stale or not, when nobody purges it. */
const listSeconds = 20;
const pageSeconds = 90;

/** For how long purges are collected when so much of the budget is used: beyond its end, the longer the more. `undefined`: as ever. */
export function wideWindowSeconds(used: number, budget: number): number | undefined {
  const share = used / budget;
  if (share < 1) return undefined;
  if (share < 1.25) return 60;
  // As long as SQS can delay a message.
  return share < 1.5 ? 300 : 900;
}

/** The next end of a window: all that is held meanwhile is purged together. */
export function endOfWindow(now: number, windowSeconds: number): number {
  return (Math.floor(now / 1000 / windowSeconds) + 1) * windowSeconds * 1000;
}

/** Those of the tags that the CDN may still have something old for, so many milliseconds after it changed. */
export function stillKept(tags: readonly string[], heldMilliseconds: number): string[] {
  return tags.filter((tag) => heldMilliseconds < 1000 * (isOfLists(tag) ? listSeconds : pageSeconds));
}

function isOfLists(tag: string): boolean {
  return tag === allFeedsTag || tag.startsWith('front:') || feedOfTag(tag) !== undefined;
}
