/** What `store` reads from its environment; infra/ imports this type, so that a wrong wiring does not compile. */
export interface StoreEnv {
  readonly STAGE: string;
  /** How often a message is delivered before it is given up. */
  readonly DELIVERIES: string;
  readonly ARTICLES_TABLE: string;
  readonly BUS_NAME: string;
  /** Where a refused event is kept: the dead-letter queue of store's own queue. */
  readonly REJECTED_QUEUE_URL: string;
  /** Where details wait that were too large for the bus. */
  readonly PARCELS_BUCKET: string;
  /** Which source may write which uris: JSON, see `Owners`. */
  readonly OWNERS: string;
  /** Release's queue, for wake-up calls (see settle). */
  readonly RELEASE_QUEUE_URL: string;
  readonly RELEASE_QUEUE_ARN: string;
  readonly SCHEDULE_GROUP: string;
  readonly SCHEDULE_ROLE_ARN: string;
}
