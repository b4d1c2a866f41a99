import type { Card } from '../article/card.ts';
import { clockSkewMilliseconds } from '../article/settle.ts';

/** One article in one feed, or the tombstone of an article that left it (`card` is absent). */
export interface FeedEntry {
  readonly feed: string;
  readonly place: string;
  readonly seq: number;
  readonly card?: Card | undefined;
  /**
   * The uri of the article that left the feed. Only in a tombstone, and absent if the article only moved within the
   * feed. Readers get it in Atom's deleted entries.
   */
  readonly uri?: string | undefined;
}

export interface FeedPage {
  readonly entries: readonly (FeedEntry & { readonly card: Card })[];
  /** Whether the feed has older entries. */
  readonly more: boolean;
  /**
   * The highest `seq` of this page's rows, tombstones included, because a withdrawal is a change. 0 for an empty feed.
   */
  readonly seq: number;
  /** The articles that left this part of the feed, in the feed's order, while their tombstones are kept. */
  readonly removed: readonly RemovedEntry[];
}

/** An article that left a feed, and the `seq` of the change. */
export interface RemovedEntry {
  readonly uri: string;
  readonly seq: number;
}

/** The lifetime of a tombstone. No retry or replay brings an entry back after that. */
export const tombstoneSeconds = 15 * 24 * 60 * 60;

/** Returns an opaque cursor for the place of a page's last entry. */
export function cursorOf(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/** Returns the place that a cursor names; `undefined` if Pressrun cannot have made the cursor by `now` (epoch ms). */
export function placeOfCursor(cursor: string, now: number): string | undefined {
  const place = Buffer.from(cursor, 'base64url').toString();
  const [, instant] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)#[a-z2-7]{16}$/.exec(place) ?? [];
  const epoch = Date.parse(instant ?? '');
  return epoch <= now + clockSkewMilliseconds && new Date(epoch).toISOString() === instant && cursorOf(place) === cursor
    ? place
    : undefined;
}
