import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Entry } from './edge-cache.ts';
import type { EdgeOptions } from './edge-options.ts';
import { notKept, via } from './entry.ts';
import type { OriginResponse } from './origin.ts';
import { errorDocument } from './responses.ts';
import type { ReaderRequest } from './viewer-request.ts';

/** A reader's request as the cache knows it. */
export interface Asked extends ReaderRequest {
  /** The normalised `Accept-Encoding`. */
  readonly encodings: string;
}

/**
 * Conditional and range headers of a reader: the edge sends its own, since a 304 or 206 for one reader must not be
 * stored for all.
 */
const notForwarded = new Set([
  ...['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range', 'range'],
  ...['accept-encoding', 'expect', 'via'],
]);

/**
 * Sends a request to the origin, with the validators of a stored entry. Never rejects: an origin that fails is
 * answered 502, and one that does not answer in time 504.
 */
export async function askOrigin(options: EdgeOptions, asked: Asked, base: Entry | undefined): Promise<OriginResponse> {
  const headers: Record<string, string> = {
    'accept-encoding': asked.encodings,
    'user-agent': 'Amazon CloudFront',
    via,
  };
  for (const listed of [...options.cachePolicy.headers, ...options.originRequestHeaders]) {
    const name = listed.toLowerCase();
    const value = asked.headers[name];
    if (value !== undefined && !notKept.has(name) && !notForwarded.has(name)) headers[name] = value;
  }
  const validators = base?.statusCode === 200 ? base.headers : undefined;
  const etag = validators?.get('etag');
  const modified = validators?.get('last-modified');
  if (etag !== undefined) headers['if-none-match'] = etag;
  if (modified !== undefined) headers['if-modified-since'] = modified;
  const { rawPath, rawQueryString } = asked;
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    timeout.reject(new OriginTimeout());
  }, options.originTimeoutMilliseconds);
  try {
    const answer = await Promise.race([
      options.origin({ method: 'GET', rawPath, rawQueryString, headers }),
      timeout.promise,
    ]);
    if (!Number.isInteger(answer.statusCode) || answer.statusCode < 200 || answer.statusCode > 599) {
      throw new RangeError(`${answer.statusCode} is no status of a final answer`);
    }
    for (const [name, value] of Object.entries(answer.headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    return answer;
  } catch (error) {
    if (error instanceof OriginTimeout)
      return errorDocument(504, `The origin did not answer within ${options.originTimeoutMilliseconds} ms.`);
    return errorDocument(502, `The origin failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

class OriginTimeout extends Error {}
