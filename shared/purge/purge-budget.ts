import { allFeedsTag, feedOfTag } from './tags.ts';

/** CloudFront's price, in dollars, for each path beyond the free ones of a month (us-east-1). */
export const freePathsAMonth = 1000;
export const dollarsAPath = 0.005;

/** Returns the number of paths a month that a budget in dollars pays for. */
export function pathsFor(dollars: number): number {
  return freePathsAMonth + Math.floor(dollars / dollarsAPath);
}

/** Returns the billing month of an instant: `2026-11`, UTC. */
export function monthOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 7);
}

/** The longest time that a response without a purge is served, stale or not. */
const listSeconds = 20;
const pageSeconds = 90;

/**
 * Returns the collecting window in seconds, for the share of the budget that is used: the further beyond the budget,
 * the longer. `undefined` means the usual window.
 */
export function wideWindowSeconds(used: number, budget: number): number | undefined {
  const share = used / budget;
  if (share < 1) return undefined;
  if (share < 1.25) return 60;
  // SQS's maximum delay.
  return share < 1.5 ? 300 : 900;
}

/** Returns the next end of a window. All requests that are held until then are purged together. */
export function endOfWindow(now: number, windowSeconds: number): number {
  return (Math.floor(now / 1000 / windowSeconds) + 1) * windowSeconds * 1000;
}

/** Returns the tags for which the CDN may still have an old copy, this number of milliseconds after the change. */
export function stillKept(tags: readonly string[], heldMilliseconds: number): string[] {
  return tags.filter((tag) => heldMilliseconds < 1000 * (isOfLists(tag) ? listSeconds : pageSeconds));
}

function isOfLists(tag: string): boolean {
  return tag === allFeedsTag || tag.startsWith('front:') || feedOfTag(tag) !== undefined;
}
