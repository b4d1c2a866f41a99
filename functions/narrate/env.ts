import * as v from 'valibot';
import { integer, json, settleEntries, text } from '../../shared/environment.ts';
import type { Voices } from '../../shared/audio/speech.ts';

/** What `narrate` reads from its environment. infra/ takes the type, so that a wrong wiring does not compile. */
export const narrateEnv = v.object({
  ...settleEntries,
  /** Where audio lies, and what it is put together from. */
  AUDIO_BUCKET: text,
  /** Narrate's own queue: what Polly is still at is looked at again. */
  NARRATE_QUEUE_URL: text,
  PURGE_QUEUE_URL: text,
  /** Skips the collecting window: audio of what is no longer shown. */
  PURGE_URGENT_QUEUE_URL: text,
  /** After how many seconds nothing can be in flight any more that was asked for before a file was removed. */
  PURGE_AGAIN_SECONDS: integer(1, 900),
  VOICES: json<Voices>(),
  /** BCP 47, of what no article says. */
  LANGUAGE: text,
});
export type NarrateEnv = v.InferInput<typeof narrateEnv>;
