import * as v from 'valibot';
import { json, text } from '../../shared/environment.ts';
import type { Owners } from '../../shared/article/ownership.ts';
import type { GivenSettings } from '../../shared/cms/sources.ts';

/** Environment variables of `ingest`. infra/ imports the type, so that wrong wiring does not compile. */
export const ingestEnv = v.object({
  STAGE: text,
  BUS_NAME: text,
  PAYLOADS_BUCKET: text,
  /** The beginning of the secrets' names; the source's name follows. */
  SECRET_PREFIX: text,
  /** The settings of each CMS, by source. */
  SOURCES: json<GivenSettings>(),
  /** Which source may write which uris. */
  OWNERS: json<Owners>(),
});
export type IngestEnv = v.InferInput<typeof ingestEnv>;
