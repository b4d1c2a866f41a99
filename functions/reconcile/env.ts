import * as v from 'valibot';
import { settleEntries, text } from '../../shared/environment.ts';

/** Environment variables of `reconcile`. infra/ imports the type, so that wrong wiring does not compile. */
export const reconcileEnv = v.object({
  ...settleEntries,
  FEEDS_TABLE: text,
  /** Reconcile's own queue, by which a job continues after the invocation's time is over. */
  RECONCILE_QUEUE_URL: text,
  PURGE_QUEUE_URL: text,
  /** For a rebuild that announces. */
  BUS_NAME: text,
  /** Narrate's queue, which synthesises missing audio. */
  NARRATE_QUEUE_URL: v.exactOptional(text),
  STAGE: text,
});
export type ReconcileEnv = v.InferInput<typeof reconcileEnv>;
