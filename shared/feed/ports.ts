import type { Card } from '../article/card.ts';
import type { FeedEntry, FeedPage } from './feed.ts';
import type { ChangePage, ListedChange } from './listed-change.ts';
import type { Placement } from './placement.ts';

/** The feeds table. */
export interface Feeds {
  /** Puts an entry or a tombstone unless the stored row has a higher `seq`. */
  put(entry: FeedEntry): Promise<void>;
  /** Returns one page, newest first, without tombstones. `after` is the place of the previous page's last entry. */
  page(feed: string, limit: number, after: string | undefined): Promise<FeedPage>;
}

/** The list of changes, for consumers that poll. */
export interface Changes {
  /** Lists a change at the instant of the call. Not idempotent: a second call lists it a second time. */
  list(change: ListedChange): Promise<void>;
  /**
   * Returns a page of changes in the order of their positions, behind `after`. Days after that of `until` (epoch ms)
   * are not read.
   */
  page(after: string, until: number, limit: number): Promise<ChangePage>;
}

/** A row of the feeds table as it was read. A row without `seq` was not written by Pressrun. */
export interface FeedRow extends Placement {
  readonly seq: number | undefined;
  readonly card?: Card | undefined;
}

/** The rows of the feeds table, tombstones included. */
export interface FeedRows {
  row(placement: Placement): Promise<FeedRow | undefined>;
  /**
   * Returns a page of rows of all feeds, in no particular order; `next` is the cursor of the next page, undefined on
   * the last.
   */
  sweep(after: string | undefined): Promise<{ readonly rows: readonly FeedRow[]; readonly next: string | undefined }>;
  /**
   * Replaces a row if its `seq` still equals `previousSeq` (`undefined`: if there is no row, or it has no `seq`).
   * Returns false if another writer was faster.
   */
  replace(entry: FeedEntry, previousSeq: number | undefined): Promise<boolean>;
}
