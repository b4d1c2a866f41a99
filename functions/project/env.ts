import * as v from 'valibot';
import { integer, lists, text } from '../../shared/environment.ts';

/** Environment variables of `project`. infra/ imports the type, so that wrong wiring does not compile. */
export const projectEnv = v.object({
  ARTICLES_TABLE: text,
  FEEDS_TABLE: text,
  BUS_NAME: text,
  /** Project's own queue, for an article that failed while the rest of its batch continued. */
  RETRY_QUEUE_URL: text,
  PURGE_QUEUE_URL: text,
  /** The queue without the collecting window: withdrawals, urgency 1–2. */
  PURGE_URGENT_QUEUE_URL: text,
  LISTS: lists,
  /**
   * The number of seconds after which a withdrawal is purged again: the origin's timeout, after which no response from
   * before is in flight.
   */
  PURGE_AGAIN_SECONDS: integer(1, 900),
});
export type ProjectEnv = v.InferInput<typeof projectEnv>;
