import * as v from 'valibot';
import { intakeEntries, json, text } from '../../shared/environment.ts';
import type { Owners } from '../../shared/article/ownership.ts';

/** Environment variables of `ingest`. infra/ imports the type, so that wrong wiring does not compile. */
export const ingestEnv = v.object({
  ...intakeEntries,
  STAGE: text,
  /** The beginning of the secrets' names; the source's name follows. */
  SECRET_PREFIX: text,
  /** Which source may write which uris. */
  OWNERS: json<Owners>(),
});
export type IngestEnv = v.InferInput<typeof ingestEnv>;
