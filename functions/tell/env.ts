export interface TellEnv {
  /** Whose webhook this is: ends the name of its secret. */
  readonly SUBSCRIBER: string;
  readonly WEBHOOK_URL: string;
  /** Names of the secrets, without the subscriber's name at their end. */
  readonly SECRET_PREFIX: string;
  /** The queue that the function works off, where it says when to try again. */
  readonly QUEUE_URL: string;
}
