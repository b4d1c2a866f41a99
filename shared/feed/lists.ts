/** How lists are kept fresh: `purged` with each change, or `ttl`, by a lifetime of seconds. */
export type Lists = 'purged' | 'ttl';

/**
 * With `ttl`, a page is cached as briefly as a list for this long after a change. Stories are often changed again soon,
 * and a page that expires within seconds needs no purge.
 */
const changingMilliseconds = 6 * 3_600_000;
/** Allows for clocks that differ and for a response in flight. */
const clockToleranceMilliseconds = 60_000;

/** Returns whether a page whose head last changed at `seq` is cached as briefly as a list. */
export function isChanging(seq: number, now: number): boolean {
  return now - seq < changingMilliseconds;
}

/**
 * Returns whether every cached copy of the state before a change expires within seconds. Both arguments are epoch ms.
 */
export function wasChanging(seqBefore: number, seqAfter: number): boolean {
  return seqAfter - seqBefore < changingMilliseconds - clockToleranceMilliseconds;
}
