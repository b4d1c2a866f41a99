import type { Fault } from '../field-schema.ts';
import type { Change } from '../article/head.ts';
import type { Warning } from '../article/warning.ts';

/** Where a change can be stuck on its way to the readers. */
export const lateSteps = ['purge', 'page', 'lists', 'withdrawal'] as const;
export type LateStep = (typeof lateSteps)[number];

/**
 * What was seen of one change of an article on its way to the readers: nothing of what it says, which an erasure would not
 * find here. Instants are epoch milliseconds.
 */
export interface TraceUpdate {
  readonly uri?: string;
  readonly change?: Change;
  /** Nothing else was new than its audio: the house's own doing, which no newsroom waits for. */
  readonly audio?: true;
  readonly feeds?: readonly string[];
  readonly correlationId?: string;
  /** When what caused it came in; for what the clock caused, when it was due. */
  readonly receivedAt?: number;
  readonly settledAt?: number;
  /** When the bus had handed on that it changed: its feeds are written before that. */
  readonly announcedAt?: number;
  readonly purgedAt?: number;
  /** When a reader's request saw it, on its page and in its lists. */
  readonly freshAt?: number;
  /** When readers should have seen it and did not, and what was stuck. */
  readonly lateAt?: number;
  readonly late?: readonly LateStep[];
  /** What the article is shown without since, and who sent it so. */
  readonly warnings?: readonly Warning[];
  readonly source?: string;
}

/** The way of one change. */
export interface PublishTrace extends TraceUpdate {
  readonly articleId: string;
  /** Of the change; also when it was settled, to the millisecond but for hurried ones. */
  readonly seq: number;
}

/** An event that was refused. */
export interface Rejection {
  readonly eventId: string;
  readonly source: string;
  readonly uri?: string;
  /** The front that it was about. */
  readonly front?: string;
  readonly errors: readonly Fault[];
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

/** How long trails are kept, in days. */
export const publishTraceDays = 14;

export const dayMilliseconds = 24 * 3_600_000;

/** The story that goes the whole way when nothing else does. Long expired: its page is there, and no list shows it. */
export const canaryUri = 'urn:pressrun:canary';

/** When the newsroom began to wait for a change. */
export function beganAt({ receivedAt, settledAt, seq }: PublishTrace): number {
  return receivedAt ?? settledAt ?? seq;
}

/** From the newsroom to the readers, in milliseconds; unknown of what is still on its way. */
export function lagOf(publishTrace: PublishTrace): number | undefined {
  return publishTrace.freshAt === undefined ? undefined : Math.max(0, publishTrace.freshAt - beganAt(publishTrace));
}

/** The value that a share of all values does not exceed; none of none. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** A page and a feed's item say what they show by this: `{articleId};seq={seq}`. */
export const shownHeader = 'x-pressrun-article';

export function shownText(articleId: string, seq: number): string {
  return `${articleId};seq=${seq}`;
}

/** Undefined where it is no article of Pressrun's. */
export function shownIn(text: string | undefined): { readonly articleId: string; readonly seq: number } | undefined {
  const [, articleId, seq] = /^([a-z2-7]{16});seq=(\d{1,16})$/.exec(text ?? '') ?? [];
  return articleId === undefined || seq === undefined ? undefined : { articleId, seq: Number(seq) };
}
