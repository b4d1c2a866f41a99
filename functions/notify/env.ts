import * as v from 'valibot';
import { text } from '../../shared/environment.ts';

/** Environment variables of `notify`. infra/ imports the type, so that wrong wiring does not compile. */
export const notifyEnv = v.object({
  /** The subscriber's name, with which the name of its secret ends. */
  SUBSCRIBER: text,
  WEBHOOK_URL: text,
  /** The beginning of the secrets' names; the subscriber's name follows. */
  SECRET_PREFIX: text,
  /** The function's own queue, in which it delays the next attempt. */
  QUEUE_URL: text,
});
export type NotifyEnv = v.InferInput<typeof notifyEnv>;
