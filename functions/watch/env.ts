import * as v from 'valibot';
import { integer, text } from '../../shared/environment.ts';

/** Environment variables of `watch`. infra/ imports the type, so that wrong wiring does not compile. */
export const watchEnv = v.object({
  STAGE: text,
  ARTICLES_TABLE: text,
  BUS_NAME: text,
  /** Watch's own queue, for later checks. */
  WATCH_QUEUE_URL: text,
  /** The host that is read: the distribution's own name, which exists before any domain does. */
  EDGE_HOST: text,
  /** The token that is sent with each request, so that a web ACL lets the watcher pass. */
  WATCH_TOKEN: v.exactOptional(text),
  /** Minutes without a publish after which a canary is published; 0 publishes none. */
  CANARY_MINUTES: integer(0, 1440),
});
export type WatchEnv = v.InferInput<typeof watchEnv>;
