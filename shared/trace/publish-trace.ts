import type { Issue } from '../field-schema.ts';
import type { Change } from '../article/head.ts';
import type { Warning } from '../article/warning.ts';

/** The steps at which a change can be late. */
export const lateSteps = ['purge', 'page', 'lists', 'withdrawal'] as const;
export type LateStep = (typeof lateSteps)[number];

/**
 * The known steps of one change on its way to readers. A trace has no article text, because an erasure would not find
 * it here. Instants are epoch milliseconds.
 */
export interface TraceUpdate {
  readonly uri?: string;
  readonly change?: Change;
  /** Set if only the article's audio changed. Pressrun made such a change itself, and no newsroom waits for it. */
  readonly audio?: true;
  readonly feeds?: readonly string[];
  readonly correlationId?: string;
  /** When its version or hold was received; for a change made by the clock, when it was due. */
  readonly receivedAt?: number;
  readonly settledAt?: number;
  /** When the bus delivered the announcement. The feeds are written before that. */
  readonly announcedAt?: number;
  readonly purgedAt?: number;
  /** When a reader's request saw the change on the article's page and in its lists. */
  readonly freshAt?: number;
  /** When the change exceeded the time limit, and which steps were late. */
  readonly lateAt?: number;
  readonly late?: readonly LateStep[];
  /** The fields that were left out of the article by this change. */
  readonly warnings?: readonly Warning[];
  /** The source of the event that brought the version shown. */
  readonly source?: string;
}

/** The trace of one change. */
export interface PublishTrace extends TraceUpdate {
  readonly articleId: string;
  /** The change's `seq`. It is also the instant of the settle, except for changes in quick succession. */
  readonly seq: number;
}

/** A rejected event. */
export interface Rejection {
  readonly eventId: string;
  readonly source: string;
  readonly uri?: string;
  /** The name of the front, if the event was about one. */
  readonly front?: string;
  /** The key of the file in S3, if a file was rejected. */
  readonly file?: string;
  readonly errors: readonly Issue[];
  /** Epoch milliseconds. */
  readonly refusedAt: number;
}

/** The last change of a front. */
export interface FrontTrace {
  readonly name: string;
  readonly seq: number;
  readonly change: Change;
  /** Epoch milliseconds. */
  readonly changedAt: number;
}

/** How long traces are kept, in days. */
export const publishTraceDays = 14;

export const dayMilliseconds = 24 * 3_600_000;

/**
 * The uri of the article that `watch` publishes if nothing else is published. It is expired from the beginning, so it
 * has a page and is in no list.
 */
export const canaryUri = 'urn:pressrun:canary';

/** Returns the instant at which the newsroom began to wait for a change, epoch ms. */
export function beganAt({ receivedAt, settledAt, seq }: PublishTrace): number {
  return receivedAt ?? settledAt ?? seq;
}

/** Returns the time from the newsroom to the readers, in milliseconds; undefined if the change is not fresh yet. */
export function lagOf(publishTrace: PublishTrace): number | undefined {
  return publishTrace.freshAt === undefined ? undefined : Math.max(0, publishTrace.freshAt - beganAt(publishTrace));
}

/** Whether readers did not see a change in time, and have not seen it since. */
export function isNotFresh({ late, freshAt }: PublishTrace): boolean {
  return late !== undefined && freshAt === undefined;
}

/** Returns the smallest value that the share of all values does not exceed; undefined for no values. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** The header, and the field of feed items, with the article and change shown: `{articleId};seq={seq}`. */
export const shownHeader = 'x-pressrun-article';

/** The request header by which a web ACL recognises the watcher. */
export const watchHeader = 'x-pressrun-watch';

export function shownText(articleId: string, seq: number): string {
  return `${articleId};seq=${seq}`;
}

/** Returns the article and `seq` of such a statement; undefined for any other text. */
export function shownIn(text: string | undefined): { readonly articleId: string; readonly seq: number } | undefined {
  const [, articleId, seq] = /^([a-z2-7]{16});seq=(\d{1,16})$/.exec(text ?? '') ?? [];
  return articleId === undefined || seq === undefined ? undefined : { articleId, seq: Number(seq) };
}
