export interface ReconcileEnv {
  readonly ARTICLES_TABLE: string;
  readonly FEEDS_TABLE: string;
  /** Reconcile's own queue, by which a pass goes on after an invocation's time is over. */
  readonly RECONCILE_QUEUE_URL: string;
  readonly PURGE_QUEUE_URL: string;
  /** For a rebuild that is to be announced. */
  readonly BUS_NAME: string;
  /** Narrate's queue, where stories are read aloud. */
  readonly NARRATE_QUEUE_URL?: string;
  readonly STAGE: string;
  readonly RELEASE_QUEUE_URL: string;
  readonly RELEASE_QUEUE_ARN: string;
  readonly SCHEDULE_GROUP: string;
  readonly SCHEDULE_ROLE_ARN: string;
}
