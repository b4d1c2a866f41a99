import * as v from 'valibot';
import { integer, text } from '../../shared/environment.ts';

/** Environment variables of `watch`. infra/ imports the type, so that wrong wiring does not compile. */
export const watchEnv = v.object({
  STAGE: text,
  ARTICLES_TABLE: text,
  BUS_NAME: text,
  /** Watch's own queue, to look again later. */
  WATCH_QUEUE_URL: text,
  /** Where readers read: the distribution's own name, which is there before any domain is. */
  EDGE_HOST: text,
  /** Sent with each request, for a web ACL that lets the watcher pass. */
  WATCH_TOKEN: v.exactOptional(text),
  /** Minutes without a publish after which a canary is published; 0 publishes none. */
  CANARY_MINUTES: integer(0, 1440),
});
export type WatchEnv = v.InferInput<typeof watchEnv>;
