export interface NarrateEnv {
  readonly ARTICLES_TABLE: string;
  /** Where audio lies, and what it is put together from. */
  readonly AUDIO_BUCKET: string;
  /** Narrate's own queue: what Polly is still at is looked at again. */
  readonly NARRATE_QUEUE_URL: string;
  readonly PURGE_QUEUE_URL: string;
  /** Skips the collecting window: audio of what is no longer shown. */
  readonly PURGE_URGENT_QUEUE_URL: string;
  /** After how many seconds nothing can be in flight any more that was asked for before a file was removed. */
  readonly PURGE_AGAIN_SECONDS: string;
  /** By language, as JSON (`Voices` of shared/speech.ts). */
  readonly VOICES: string;
  /** BCP 47, of what no article says. */
  readonly LANGUAGE: string;
  /** Release's queue, for wake-up calls (see settle). */
  readonly RELEASE_QUEUE_URL: string;
  readonly RELEASE_QUEUE_ARN: string;
  readonly SCHEDULE_GROUP: string;
  readonly SCHEDULE_ROLE_ARN: string;
}
