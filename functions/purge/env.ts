export interface PurgeEnv {
  readonly STAGE: string;
  readonly BUS_NAME: string;
  readonly DISTRIBUTION_ID: string;
  /** How many paths a month may be invalidated before the window widens; with it, the two that follow. */
  readonly PURGE_BUDGET?: string;
  /** Where they are counted. */
  readonly ARTICLES_TABLE?: string;
  /** Purge's own queue, for what is held. */
  readonly PURGE_QUEUE_URL?: string;
  /** Address of a WebSub hub; with it, `SITE_URL`. */
  readonly HUB_URL?: string;
  /** Absolute origin of every feed's address, without a trailing slash. */
  readonly SITE_URL?: string;
}
