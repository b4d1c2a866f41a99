import type { FrontTrace, Rejection, TraceUpdate, PublishTrace } from './publish-trace.ts';

/** Publish traces, kept for two weeks. */
export interface PublishTraces {
  /** Adds steps to a change's trace; a step that is already there stays. Returns the whole trace. */
  note(articleId: string, seq: number, update: TraceUpdate): Promise<PublishTrace>;
  /** Idempotent: writing the same rejection again has no effect. */
  noteRejection(rejection: Rejection): Promise<void>;
  /** Has no effect if a later change is stored. */
  noteFront(front: FrontTrace): Promise<void>;
  /** Returns the last change of each front, by name. They never expire, because there are few. */
  fronts(): Promise<readonly FrontTrace[]>;
  /** Returns the latest changes, newest first; with `since` (epoch ms), only those with a `seq` of at least that. */
  latest(limit: number, since?: number): Promise<readonly PublishTrace[]>;
  /** Returns the changes of one article, newest first. */
  of(articleId: string): Promise<readonly PublishTrace[]>;
  /** Returns the latest rejections, newest first. */
  rejections(limit: number): Promise<readonly Rejection[]>;
}

/** Requests pages from the edge as a reader does. */
export interface Reader {
  /**
   * Returns status 0 if there was no response. `shown` is the article and `seq` that the response states (see
   * `shownIn`).
   */
  read(path: string): Promise<{ readonly status: number; readonly shown?: string | undefined; readonly body: string }>;
}

/** The metrics of watch. */
export interface WatchMeter {
  /** Adds one to each counter. */
  count(...names: readonly string[]): void;
  milliseconds(values: Readonly<Record<string, number>>): void;
}
