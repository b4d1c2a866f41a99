export interface PurgeEnv {
  readonly BUS_NAME: string;
  readonly DISTRIBUTION_ID: string;
}
