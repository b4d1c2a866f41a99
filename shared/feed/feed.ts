import type { Card } from '../article/card.ts';
import { clockSkewMilliseconds } from '../article/settle.ts';

/** One article in one feed, or (`card` absent) the tombstone of one that left it. */
export interface FeedEntry {
  readonly feed: string;
  readonly place: string;
  readonly seq: number;
  readonly card?: Card | undefined;
  /** Of a tombstone: the article's, where it left the feed and did not only move within it. Readers are told by it. */
  readonly uri?: string | undefined;
}

export interface FeedPage {
  readonly entries: readonly (FeedEntry & { readonly card: Card })[];
  /** Whether older entries follow. */
  readonly more: boolean;
  /** The highest `seq` on this stretch of the feed, tombstones too: a withdrawal is a change. 0 for an empty feed. */
  readonly seq: number;
  /** What left this stretch of the feed, in the feed's order; as long as its tombstone stays. */
  readonly removed: readonly RemovedEntry[];
}

/** An article that left a feed, with the change after which it was gone. */
export interface RemovedEntry {
  readonly uri: string;
  readonly seq: number;
}

/** A tombstone outlives every retry and replay that could bring its entry back. */
export const tombstoneSeconds = 15 * 24 * 60 * 60;

/** An opaque cursor: the place of the last entry of a page. */
export function cursorOf(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/** The place a cursor names; `undefined` for one that Pressrun cannot have made until `now`. */
export function placeOfCursor(cursor: string, now: number): string | undefined {
  const place = Buffer.from(cursor, 'base64url').toString();
  const [, instant] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)#[a-z2-7]{16}$/.exec(place) ?? [];
  const epoch = Date.parse(instant ?? '');
  return epoch <= now + clockSkewMilliseconds && new Date(epoch).toISOString() === instant && cursorOf(place) === cursor
    ? place
    : undefined;
}
