import * as v from 'valibot';
import { json, text } from '../../shared/environment.ts';
import type { Owners } from '../../shared/article/ownership.ts';
import type { GivenSettings } from '../../shared/cms/sources.ts';

/** Environment variables of `ingest`. infra/ imports the type, so that wrong wiring does not compile. */
export const ingestEnv = v.object({
  BUS_NAME: text,
  PAYLOADS_BUCKET: text,
  /** Names of the secrets, without the source's name at their end. */
  SECRET_PREFIX: text,
  /** How each CMS is set up, by source. */
  SOURCES: json<GivenSettings>(),
  /** Which source may write which uris. */
  OWNERS: json<Owners>(),
});
export type IngestEnv = v.InferInput<typeof ingestEnv>;
