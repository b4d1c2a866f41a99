import * as v from 'valibot';
import { integer, lists, text } from '../../shared/environment.ts';

/** Environment variables of `project`. infra/ imports the type, so that wrong wiring does not compile. */
export const projectEnv = v.object({
  ARTICLES_TABLE: text,
  FEEDS_TABLE: text,
  BUS_NAME: text,
  /** Project's own queue, for an article that failed while its batch went on. */
  RETRY_QUEUE_URL: text,
  PURGE_QUEUE_URL: text,
  /** Skips the collecting window: withdrawals, urgency 1–2. */
  PURGE_URGENT_QUEUE_URL: text,
  LISTS: lists,
  /** After how many seconds a withdrawal is purged again: the origin's timeout, when no fill can be in flight any more. */
  PURGE_AGAIN_SECONDS: integer(1, 900),
});
export type ProjectEnv = v.InferInput<typeof projectEnv>;
