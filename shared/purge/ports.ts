import type { Origin } from '../article/origin.ts';

/** A change of an article that a purge makes visible, and its origin. */
export interface PurgedArticle extends Partial<Origin> {
  readonly articleId: string;
  readonly seq: number;
}

/** A request for a purge: cache tags, and the changes that the purge makes visible. */
export interface PurgeRequest {
  readonly tags: readonly string[];
  readonly articles: readonly PurgedArticle[];
  /** The origin of the latest event that led to it. */
  readonly origin?: Origin | undefined;
  /** When (epoch ms) the request was first held, because the budget is used up. */
  readonly heldSince?: number;
}

/** Counts the paths invalidated in each month (`2026-11`, UTC). */
export interface PurgeLedger {
  used(month: string): Promise<number>;
  /** Returns the new total. A repeated flush may be counted twice. */
  add(month: string, paths: number): Promise<number>;
}

/** The queue of purge requests. `urgent` skips the collecting window. */
export interface PurgeRequests {
  send(request: PurgeRequest, options: { readonly urgent: boolean; readonly delaySeconds: number }): Promise<void>;
}

/** A purge request as a message, until it is removed. */
export interface QueuedPurge {
  readonly messageId: string;
  readonly body: string;
  /** Identifies this delivery of the message. */
  readonly receipt: string;
}

/** The queue of purge requests, for a function that receives messages by itself. */
export interface PurgeQueue {
  /** Returns up to ten messages. Waits for the first one this number of seconds, but at most SQS's 20. */
  receive(waitSeconds: number): Promise<readonly QueuedPurge[]>;
  remove(messages: readonly QueuedPurge[]): Promise<void>;
}

/** A CDN that can purge by tag. */
export interface Cdn {
  /**
   * Purges tags. Returns the CDN's id of the invalidation, and when the CDN took it (epoch ms). `reference` makes it
   * idempotent: a repeated call purges nothing and returns the same.
   */
  purge(
    reference: string,
    tags: readonly string[],
  ): Promise<{ readonly invalidationId: string; readonly takenAt: number }>;
}

/** A WebSub hub (W3C Recommendation), which notifies the subscribers of feeds. */
export interface Hub {
  /** Publishes that these feeds changed, by their absolute URLs. Throws unless the hub took all of them. */
  notify(topics: readonly string[]): Promise<void>;
}
