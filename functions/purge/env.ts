import * as v from 'valibot';
import { integer, text } from '../../shared/environment.ts';

/** Environment variables of `purge`. infra/ imports the type, so that wrong wiring does not compile. */
export const purgeEnv = v.object({
  STAGE: text,
  BUS_NAME: text,
  DISTRIBUTION_ID: text,
  /** Purge's own queue: it receives more messages than Lambda delivers, and delays requests there. */
  PURGE_QUEUE_URL: text,
  /** The length of the collecting window, from the first message on. */
  PURGE_WINDOW_SECONDS: integer(0, 60),
  /** The number of paths a month that may be invalidated before the window widens; with it, `ARTICLES_TABLE`. */
  PURGE_BUDGET: v.exactOptional(integer(1, Number.MAX_SAFE_INTEGER)),
  /** The table in which paths are counted. */
  ARTICLES_TABLE: v.exactOptional(text),
  /** Address of a WebSub hub; with it, `SITE_URL`. */
  HUB_URL: v.exactOptional(text),
  /** Absolute origin of every feed's address, without a trailing slash. */
  SITE_URL: v.exactOptional(text),
});
export type PurgeEnv = v.InferInput<typeof purgeEnv>;
