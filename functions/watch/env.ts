export interface WatchEnv {
  readonly STAGE: string;
  readonly ARTICLES_TABLE: string;
  readonly BUS_NAME: string;
  /** Watch's own queue, to look again later. */
  readonly WATCH_QUEUE_URL: string;
  /** Where readers read: the distribution's own name, which is there before any domain is. */
  readonly EDGE_HOST: string;
  /** How long the desk may be quiet before a canary is sent; 0 sends none. */
  readonly CANARY_MINUTES: string;
}
