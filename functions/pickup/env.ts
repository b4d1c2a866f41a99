import * as v from 'valibot';
import type { Owners } from '../../shared/article/ownership.ts';
import { intakeEntries, json, text } from '../../shared/environment.ts';

/** Environment variables of `pickup`. infra/ imports the type, so that wrong wiring does not compile. */
export const pickupEnv = v.object({
  ...intakeEntries,
  /** The bucket of the files. */
  DROP_BUCKET: text,
  /** The queue of rejected files: the dead-letter queue of pickup's own queue. */
  REJECTED_QUEUE_URL: text,
  /** Which source may write which uris. */
  OWNERS: json<Owners>(),
});
export type PickupEnv = v.InferInput<typeof pickupEnv>;
