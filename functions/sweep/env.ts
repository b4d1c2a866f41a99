export interface SweepEnv {
  readonly ARTICLES_TABLE: string;
  readonly FEEDS_TABLE: string;
  readonly BUS_NAME: string;
  readonly PARCELS_BUCKET: string;
  /** Names of the secrets that hold the keys of the CMSes' APIs, without the source's name at their end. */
  readonly API_KEY_PREFIX: string;
  /** Names of the webhooks' secrets, where the keys were before, without the source's name at their end. */
  readonly SECRET_PREFIX: string;
  /** How each CMS is set up: JSON by source; those that are named here are swept. */
  readonly SOURCES: string;
}
