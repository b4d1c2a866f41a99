import * as v from 'valibot';
import { json, text } from '../../shared/environment.ts';
import type { GivenSettings } from '../../shared/cms/sources.ts';

/** Environment variables of `sweep`. infra/ imports the type, so that wrong wiring does not compile. */
export const sweepEnv = v.object({
  ARTICLES_TABLE: text,
  FEEDS_TABLE: text,
  BUS_NAME: text,
  PAYLOADS_BUCKET: text,
  /** The beginning of the names of the secrets with the CMSes' API keys; the source's name follows. */
  API_KEY_PREFIX: text,
  /**
   * The beginning of the names of the webhooks' secrets, which had the keys in earlier releases; the source's name
   * follows.
   */
  SECRET_PREFIX: text,
  /** The settings of each CMS, by source. The named ones are swept. */
  SOURCES: json<GivenSettings>(),
});
export type SweepEnv = v.InferInput<typeof sweepEnv>;
