import * as v from 'valibot';
import { integer, json, settleEntries, text } from '../../shared/environment.ts';
import type { Owners } from '../../shared/article/ownership.ts';

/** Environment variables of `store`. infra/ imports the type, so that wrong wiring does not compile. */
export const storeEnv = v.object({
  ...settleEntries,
  STAGE: text,
  /** How often a message is delivered before it is given up. */
  DELIVERIES: integer(1, 1000),
  BUS_NAME: text,
  /** Rejected events are kept here: the dead-letter queue of store's own queue. */
  REJECTED_QUEUE_URL: text,
  /** Where details wait that were too large for the bus. */
  PAYLOADS_BUCKET: text,
  /** Which source may write which uris. */
  OWNERS: json<Owners>(),
});
export type StoreEnv = v.InferInput<typeof storeEnv>;
