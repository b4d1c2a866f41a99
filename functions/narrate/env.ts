import * as v from 'valibot';
import { integer, json, settleEntries, text } from '../../shared/environment.ts';
import type { Voices } from '../../shared/audio/speech.ts';

/** Environment variables of `narrate`. infra/ imports the type, so that wrong wiring does not compile. */
export const narrateEnv = v.object({
  ...settleEntries,
  /** Stores finished audio and its parts. */
  AUDIO_BUCKET: text,
  /** The queue of `narrate` itself, for polling synthesis jobs. */
  NARRATE_QUEUE_URL: text,
  PURGE_QUEUE_URL: text,
  /** For urgent purges: audio of articles that are no longer live. */
  PURGE_URGENT_QUEUE_URL: text,
  /** The number of seconds after which no request that began before a file's removal is in flight. */
  PURGE_AGAIN_SECONDS: integer(1, 900),
  VOICES: json<Voices>(),
  /** BCP 47; for articles that name no language. */
  LANGUAGE: text,
});
export type NarrateEnv = v.InferInput<typeof narrateEnv>;
