import { parseCacheControl } from './cache-control.ts';
import type { Entry } from './edge-cache.ts';
import type { EdgeOptions } from './edge-options.ts';
import { lifetimeSeconds } from './lifetime.ts';
import type { OriginResponse } from './origin.ts';
import { errorDocument, isAboutBody, tagsIn } from './responses.ts';
import type { ViewerResponse } from './viewer-function.ts';

/** Where an entry belongs: the path with its query, as invalidations name it, and the cache key. */
export interface CacheTarget {
  readonly path: string;
  readonly key: string;
}

export const via = '1.1 local.cloudfront.net (CloudFront)';

/** Connection-specific fields (RFC 9110 §7.6.1), and those that the edge writes itself. */
export const notKept = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'content-length', 'via', 'x-cache', 'age'],
]);

/** Memory of an entry beside its headers and body: key, indexes, object. */
const entryOverheadBytes = 512;

export interface EntryContext {
  readonly options: EdgeOptions;
  /** The options' `tagHeader`, in lower case. */
  readonly tagHeader: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The entry for the origin's answer. A 304 gives the base a new lifetime (RFC 9111 §4.3.4). */
export function entryOf(
  { path, key }: CacheTarget,
  answer: OriginResponse,
  base: Entry | undefined,
  { now: clock, tagHeader, options }: EntryContext,
): { entry: Entry; isStorable: boolean; isShared: boolean } {
  const revalidated = answer.statusCode === 304 ? base : undefined;
  const now = clock();
  const statusCode = revalidated?.statusCode ?? answer.statusCode;
  const body = revalidated?.body ?? answer.body;
  const headers = new Map(revalidated?.headers);
  if (!revalidated || !('date' in answer.headers)) headers.set('date', new Date(now).toUTCString());
  const dropped = new Set((answer.headers['connection'] ?? '').toLowerCase().split(/\s*,\s*/));
  for (const [field, value] of Object.entries(answer.headers)) {
    const name = field.toLowerCase();
    if (!notKept.has(name) && !dropped.has(name) && !(revalidated && isAboutBody(name))) headers.set(name, value);
  }
  const control = parseCacheControl(headers.get('cache-control'));
  const isPrivate = control.noStore || control.private || headers.has('set-cookie');
  const keptSeconds = lifetimeSeconds(statusCode, headers, control, options);
  const freshUntil = now + 1000 * keptSeconds;
  const mayBeStale = statusCode < 400 && !control.mustRevalidate && !isPrivate && !control.noCache;
  const canRevalidate =
    statusCode === 200 && !isPrivate && !control.noCache && (headers.has('etag') || headers.has('last-modified'));
  const tags = tagsIn(headers.get(tagHeader));
  const hitHeaders = [...headers].flat();
  if (statusCode !== 204 && statusCode !== 304) hitHeaders.push('content-length', String(body.length));
  hitHeaders.push('via', via, 'x-cache', `${statusCode >= 400 ? 'Error' : 'Hit'} from cloudfront`, 'age', '0');
  const entry: Entry = {
    path,
    key,
    statusCode,
    headers,
    body,
    tags,
    validatedAt: now,
    freshUntil,
    staleWhileRevalidateUntil: mayBeStale ? freshUntil + 1000 * (control.staleWhileRevalidate ?? 0) : 0,
    // Without stale-if-error, CloudFront serves a stale copy for as long as the origin fails.
    staleIfErrorUntil: mayBeStale ? freshUntil + 1000 * (control.staleIfError ?? Infinity) : 0,
    retryAt: 0,
    hitHeaders,
    bytes:
      body.length +
      path.length +
      key.length +
      hitHeaders.reduce((sum, text) => sum + text.length, 0) +
      entryOverheadBytes,
  };
  return { entry, isStorable: keptSeconds > 0 || canRevalidate, isShared: keptSeconds > 0 };
}

/** The entry of an error of the edge itself, which is never stored. */
export function ownEntry(statusCode: number, message: string, context: EntryContext): Entry {
  return entryOf(nowhere, errorDocument(statusCode, message), undefined, context).entry;
}

/** The entry of an answer of a viewer-request function, which is never stored. */
export function functionEntry(answer: ViewerResponse, context: EntryContext): Entry {
  const headers = Object.fromEntries(Object.entries(answer.headers ?? {}).map(([name, { value }]) => [name, value]));
  const { body } = answer;
  const bytes =
    typeof body === 'object'
      ? Buffer.from(body.data, body.encoding === 'base64' ? 'base64' : 'utf8')
      : Buffer.from(body ?? '');
  return entryOf(nowhere, { statusCode: answer.statusCode, headers, body: bytes }, undefined, context).entry;
}

/** The target of answers that are not stored. */
const nowhere: CacheTarget = { path: '', key: '' };
