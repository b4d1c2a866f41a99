export interface PurgeEnv {
  readonly STAGE: string;
  readonly BUS_NAME: string;
  readonly DISTRIBUTION_ID: string;
  /** Address of a WebSub hub; with it, `SITE_URL`. */
  readonly HUB_URL?: string;
  /** Absolute origin of every feed's address, without a trailing slash. */
  readonly SITE_URL?: string;
}
