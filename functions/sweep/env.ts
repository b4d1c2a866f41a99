import * as v from 'valibot';
import { json, text } from '../../shared/environment.ts';
import type { GivenSettings } from '../../shared/cms/sources.ts';

/** Environment variables of `sweep`. infra/ imports the type, so that wrong wiring does not compile. */
export const sweepEnv = v.object({
  ARTICLES_TABLE: text,
  FEEDS_TABLE: text,
  BUS_NAME: text,
  PAYLOADS_BUCKET: text,
  /** Names of the secrets that hold the keys of the CMSes' APIs, without the source's name at their end. */
  API_KEY_PREFIX: text,
  /** Names of the webhooks' secrets, where the keys were before, without the source's name at their end. */
  SECRET_PREFIX: text,
  /** How each CMS is set up; those that are named here are swept. */
  SOURCES: json<GivenSettings>(),
});
export type SweepEnv = v.InferInput<typeof sweepEnv>;
