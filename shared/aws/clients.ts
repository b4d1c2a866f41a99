import { NodeHttpHandler } from '@smithy/node-http-handler';

/** The time limits and retries of AWS calls. */
export interface Limits {
  /** The time limit of one attempt, milliseconds. */
  readonly requestTimeout: number;
  readonly maxAttempts: number;
}

/**
 * All attempts together take less than the shortest timeout of a function, 10 s, so a hanging call fails alone and not
 * with its whole batch.
 */
const usual: Limits = { requestTimeout: 2_000, maxAttempts: 3 };
const connectionTimeout = 1_000;

/** SQS's limit of one wait, seconds. */
export const longestWaitSeconds = 20;

/** Returns the limits of a client that receives messages: SQS answers after the wait if no message came. */
export function longPollingLimits(waitSeconds: number): Limits {
  return {
    requestTimeout: Math.min(waitSeconds, longestWaitSeconds) * 1000 + usual.requestTimeout,
    maxAttempts: usual.maxAttempts,
  };
}

/** Returns the settings of every SDK client. Region, credentials and AWS_ENDPOINT_URL come from the environment. */
export function clientSettings({ requestTimeout, maxAttempts }: Limits = usual) {
  return {
    maxAttempts,
    // The client of Polly uses HTTP/2 by default, which has no such time limits.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: Math.min(connectionTimeout, requestTimeout),
      requestTimeout,
      // `requestTimeout` ends with the headers of the response, so the body needs a limit of its own.
      socketTimeout: requestTimeout,
      throwOnRequestTimeout: true,
    }),
  };
}

/**
 * Returns the settings of S3 clients: a host for each bucket at AWS, and a path where AWS_ENDPOINT_URL names another
 * endpoint.
 */
export function bucketSettings({ AWS_ENDPOINT_URL }: Readonly<Record<string, string | undefined>>, limits?: Limits) {
  return { ...clientSettings(limits), forcePathStyle: AWS_ENDPOINT_URL !== undefined };
}
