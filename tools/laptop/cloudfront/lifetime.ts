import type { CacheControl } from './cache-control.ts';
import { secondsToExpiry } from './responses.ts';

/** Statuses that CloudFront caches whatever the origin says: for 10 s, unless the distribution sets a time. */
const alwaysCachedErrors = new Set([404, 414, 500, 501, 502, 503, 504]);

/** Those of them that it does not cache if the origin forbids it. */
const errorsThatMayBeForbidden = new Set([404, 414, 501]);

/** Statuses that CloudFront caches if the origin states a time. It caches no other error, 410 among them. */
const errorsCachedByStatement = new Set([400, 403, 405, 412, 415]);

const defaultErrorCachingSeconds = 10;

/** The times of a distribution. */
interface Times {
  readonly cachePolicy: {
    readonly minTtlSeconds: number;
    readonly defaultTtlSeconds: number;
    readonly maxTtlSeconds: number;
  };
  readonly errorCachingMinimumSeconds: ReadonlyMap<number, number>;
}

/**
 * Returns for how long CloudFront keeps an answer.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html and …/HTTPStatusCodes.html
 */
export function lifetimeSeconds(
  statusCode: number,
  headers: ReadonlyMap<string, string>,
  control: CacheControl,
  times: Times,
): number {
  const { minTtlSeconds, defaultTtlSeconds, maxTtlSeconds } = times.cachePolicy;
  if (headers.has('set-cookie')) return 0;
  const isForbidden = control.noStore || control.private || control.noCache;
  const stated = isForbidden ? 0 : (control.sharedMaxAge ?? control.maxAge ?? secondsToExpiry(headers));
  if (statusCode < 400) return Math.max(minTtlSeconds, Math.min(stated ?? defaultTtlSeconds, maxTtlSeconds));
  if (isForbidden && errorsThatMayBeForbidden.has(statusCode)) return 0;
  const isCached = alwaysCachedErrors.has(statusCode) || (errorsCachedByStatement.has(statusCode) && (stated ?? 0) > 0);
  return isCached ? Math.max(errorCachingSeconds(statusCode, times), Math.min(stated ?? 0, maxTtlSeconds)) : 0;
}

/** Returns for how long CloudFront does not repeat a request after an error, in seconds. */
export function errorCachingSeconds(statusCode: number, { errorCachingMinimumSeconds }: Times): number {
  return (
    errorCachingMinimumSeconds.get(statusCode) ?? (alwaysCachedErrors.has(statusCode) ? defaultErrorCachingSeconds : 0)
  );
}
