/** How lists are kept fresh: each change purges those it touches, or they run out by themselves within seconds. */
export type Lists = 'purged' | 'ttl';

/**
 * With lists by time, so long after a change a page is kept as briefly as they are: stories are mostly changed again soon
 * after they were, and a page that is about to run out needs no purge.
 */
const restlessMilliseconds = 6 * 3_600_000;
/** Clocks that differ, and an answer that was under way. */
const doubtMilliseconds = 60_000;

/** Whether a page whose head last changed at `seq` is kept as briefly as lists. */
export function isChanging(seq: number, now: number): boolean {
  return now - seq < restlessMilliseconds;
}

/** Whether every copy that the CDN may have of the state before runs out within seconds. */
export function wasChanging(seqBefore: number, seqAfter: number): boolean {
  return seqAfter - seqBefore < restlessMilliseconds - doubtMilliseconds;
}
