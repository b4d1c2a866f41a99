import * as v from 'valibot';
import { integer, json, settleEntries, text } from '../../shared/environment.ts';
import type { Owners } from '../../shared/article/ownership.ts';

/** Environment variables of `store`. infra/ imports the type, so that wrong wiring does not compile. */
export const storeEnv = v.object({
  ...settleEntries,
  STAGE: text,
  /** The number of deliveries after which a message is given up. */
  DELIVERIES: integer(1, 1000),
  BUS_NAME: text,
  /** The queue of rejected events: the dead-letter queue of store's own queue. */
  REJECTED_QUEUE_URL: text,
  /** The bucket of details that were too large for the bus. */
  PAYLOADS_BUCKET: text,
  /** Which source may write which uris. */
  OWNERS: json<Owners>(),
});
export type StoreEnv = v.InferInput<typeof storeEnv>;
