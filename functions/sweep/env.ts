import * as v from 'valibot';
import { intakeEntries, text } from '../../shared/environment.ts';

/** Environment variables of `sweep`. infra/ imports the type, so that wrong wiring does not compile. */
export const sweepEnv = v.object({
  // Only the sources with settings are swept.
  ...intakeEntries,
  ARTICLES_TABLE: text,
  FEEDS_TABLE: text,
  /** The beginning of the names of the secrets with the CMSes' API keys; the source's name follows. */
  API_KEY_PREFIX: text,
  /**
   * The beginning of the names of the webhooks' secrets, which had the keys in earlier releases; the source's name
   * follows.
   */
  SECRET_PREFIX: text,
});
export type SweepEnv = v.InferInput<typeof sweepEnv>;
