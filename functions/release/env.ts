export interface ReleaseEnv {
  readonly ARTICLES_TABLE: string;
  readonly RELEASE_QUEUE_URL: string;
  readonly RELEASE_QUEUE_ARN: string;
  readonly SCHEDULE_GROUP: string;
  readonly SCHEDULE_ROLE_ARN: string;
}
