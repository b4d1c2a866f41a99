import { NodeHttpHandler } from '@smithy/node-http-handler';

/** How long calls to AWS may take. */
export interface Limits {
  /** Of one attempt, milliseconds. */
  readonly requestTimeout: number;
  readonly maxAttempts: number;
}

/** All attempts together stay below the shortest timeout of a function, 10 s, so that a call that hangs fails alone and not with its batch. */
const usual: Limits = { requestTimeout: 2_000, maxAttempts: 3 };
const connectionTimeout = 1_000;

/** What every client of a function is made with. Region, credentials and AWS_ENDPOINT_URL come from the environment. */
export function clientSettings({ requestTimeout, maxAttempts }: Limits = usual) {
  return {
    maxAttempts,
    // Polly's client would speak HTTP/2, for which an answer has no such bounds.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: Math.min(connectionTimeout, requestTimeout),
      requestTimeout,
      // `requestTimeout` ends with the head of an answer, so a body that stops coming has a bound of its own.
      socketTimeout: requestTimeout,
      throwOnRequestTimeout: true,
    }),
  };
}

/** For S3, whose buckets have hosts of their own at AWS, and paths where AWS_ENDPOINT_URL names another place. */
export function bucketSettings({ AWS_ENDPOINT_URL }: Readonly<Record<string, string | undefined>>, limits?: Limits) {
  return { ...clientSettings(limits), forcePathStyle: AWS_ENDPOINT_URL !== undefined };
}
