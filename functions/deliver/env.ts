export interface DeliverEnv {
  readonly ARTICLES_TABLE: string;
  readonly FEEDS_TABLE: string;
  readonly SITE_NAME: string;
  /** Absolute origin of every link, such as `https://www.example.com`; without it, the host the reader asked for. */
  readonly SITE_URL?: string;
  /** IANA name of the newsroom's zone, such as `Europe/London`. */
  readonly TIME_ZONE: string;
  /** BCP 47, of whatever no article says. */
  readonly LANGUAGE: string;
}
