import * as v from 'valibot';
import { text } from '../../shared/environment.ts';

/** Environment variables of `notify`. infra/ imports the type, so that wrong wiring does not compile. */
export const notifyEnv = v.object({
  /** Whose webhook this is: ends the name of its secret. */
  SUBSCRIBER: text,
  WEBHOOK_URL: text,
  /** Names of the secrets, without the subscriber's name at their end. */
  SECRET_PREFIX: text,
  /** The queue that the function works off, where it says when to try again. */
  QUEUE_URL: text,
});
export type NotifyEnv = v.InferInput<typeof notifyEnv>;
