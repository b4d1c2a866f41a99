import type { Lists } from '../../shared/lists.ts';

export interface ProjectEnv {
  readonly ARTICLES_TABLE: string;
  readonly FEEDS_TABLE: string;
  readonly BUS_NAME: string;
  /** Project's own queue, for an article that failed while its batch went on. */
  readonly RETRY_QUEUE_URL: string;
  readonly PURGE_QUEUE_URL: string;
  /** Skips the collecting window: withdrawals, urgency 1–2. */
  readonly PURGE_URGENT_QUEUE_URL: string;
  /** Narrate's queue, where stories are read aloud. */
  readonly NARRATE_QUEUE_URL?: string;
  readonly LISTS: Lists;
  /** After how many seconds a withdrawal is purged again: the origin's timeout, when no fill can be in flight any more. */
  readonly PURGE_AGAIN_SECONDS: string;
}
