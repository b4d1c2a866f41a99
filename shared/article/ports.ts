import type { FrontHead, Head, Settlement } from './head.ts';
import type { AudioRendition } from '../audio/audio-rendition.ts';
import type { Content, FrontContent, Hold, Version } from './version.ts';

/**
 * Everything stored about an article. The head is read before the versions, so that a head can be written if no other
 * writer was faster.
 */
export interface StoredState<C = Content, H = Head> {
  readonly head: H | undefined;
  readonly holds: readonly Hold[];
  /** The latest audio rendition, of whichever version it was made. */
  readonly audioRendition?: AudioRendition | undefined;
  /** In key order, read on demand. `inOrder` turns it into version order. */
  readonly newestFirst: AsyncIterable<Version<C>>;
  readonly oldestFirst: AsyncIterable<Version<C>>;
}

/** The owner of a path, and the owner before it took the path over. */
export interface PathOwner {
  readonly path: string;
  readonly articleId: string;
  readonly takenFrom?: string | undefined;
  /** The source of the version that claimed the path; absent in rows of earlier releases. */
  readonly source?: string | undefined;
  /** Articles that claimed the path and did not get it. */
  readonly rivals?: readonly string[] | undefined;
}

/** Versions and heads of articles or of fronts. Reads are strongly consistent; writes are idempotent. */
export interface VersionStore<C, H extends Settlement> {
  /** Puts a version if it is absent. */
  putVersion(version: Version<C>): Promise<void>;
  open(articleId: string): Promise<StoredState<C, H>>;
  head(articleId: string): Promise<H | undefined>;
  version(articleId: string, key: string): Promise<Version<C> | undefined>;
  /**
   * Writes the head if its `seq` still equals `previousSeq` (`undefined`: if there is no head). Returns false if
   * another writer was faster.
   */
  writeHead(head: H, previousSeq: number | undefined): Promise<boolean>;
}

/** Fronts, stored in the articles table with the same versions, order and heads. */
export type Fronts = VersionStore<FrontContent, FrontHead>;

/** The articles table. */
export interface Articles extends VersionStore<Content, Head> {
  /** Puts a hold, the end of a hold or an erasure if it is absent. */
  putHold(hold: Hold): Promise<void>;
  /**
   * Returns the path that was named by the highest usable version below this one whose embargo had passed when this one
   * was received; undefined if there is none.
   */
  pathBefore(version: Version): Promise<string | undefined>;
  /** Removes every path that versions of the article have named, for `pathBefore`. */
  forgetPaths(articleId: string): Promise<void>;
  /** Removes everything that a person wrote from a stored version. Its key and order remain. */
  strip(version: Version): Promise<void>;
  pathOwner(path: string): Promise<PathOwner | undefined>;
  /**
   * Sets the owner of a path if owner and rivals are still those of `previous` (`undefined`: if there is no owner).
   * Returns false if another writer was faster.
   */
  claimPath(owner: PathOwner, previous: PathOwner | undefined): Promise<boolean>;
}

/** Schedules a settle of an article at an instant (epoch ms). It may run early, and then schedules itself again. */
export interface SettleSchedule {
  settleAt(articleId: string, instant: number): Promise<void>;
}

/** An article that must be settled at an instant (epoch ms). */
export interface ScheduledSettle {
  readonly articleId: string;
  readonly instant: number;
}

/** The index of scheduled settles. An entry stays until its settle ran, so a settle that never ran is found. */
export interface ScheduleIndex {
  /** Idempotent: writing the same entry again has no effect. */
  keep(due: ScheduledSettle): Promise<void>;
  has(due: ScheduledSettle): Promise<boolean>;
  /** Yields the entries with an instant from `from` to `to`, both included, earliest first. */
  between(from: number, to: number): AsyncIterable<ScheduledSettle>;
  remove(due: ScheduledSettle): Promise<void>;
}

/** The ids of all articles and fronts. */
export interface Archive {
  /**
   * Returns a page of ids (`front#<name>` for a front). No id is on two pages; `next` is the cursor of the next page,
   * undefined on the last.
   */
  page(after: string | undefined): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }>;
}
