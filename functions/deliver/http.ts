import { createHash } from 'node:crypto';
import type { InferOutput } from 'valibot';
import type { problemSchema } from '../../shared/events/answer-schema.ts';
import { tagHeader } from '../../shared/purge/tags.ts';
import { isChanging, type Lists } from '../../shared/feed/lists.ts';

/** A reader's request. `host` is the host of the reader's request to the CDN. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly host: string;
  readonly ifNoneMatch?: string | undefined;
  /** How the response's body will be compressed. */
  readonly encoding?: Encoding | undefined;
}

/** A content coding (RFC 9110 §8.4.1). */
export type Encoding = 'br' | 'gzip';

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * `Cache-Control` by the kind of response. Browsers revalidate each time. Each value has `stale-if-error`, because
 * without it CloudFront serves a copy of any age while the origin fails.
 */
export const lifetimes = {
  page: 'public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=300',
  list: 'public, max-age=0, s-maxage=10, stale-while-revalidate=10, stale-if-error=300',
  brief: 'public, max-age=0, s-maxage=3, stale-while-revalidate=1, stale-if-error=300',
  // Short, because the list has headlines and not every withdrawal purges it.
  changes: 'public, max-age=0, s-maxage=5, stale-if-error=0',
  moved: 'public, max-age=60, s-maxage=60, stale-if-error=300',
  // Short, because CloudFront does not document whether error responses have tags.
  missing: 'public, max-age=0, s-maxage=5, stale-if-error=0',
  never: 'no-store',
  private: 'private, no-store',
} as const;

/** Returns the `Cache-Control` of a list. */
export function listLifetime(lists: Lists | undefined): string {
  return lists === 'ttl' ? lifetimes.brief : lifetimes.list;
}

/** Returns the `Cache-Control` of the page of a head that last changed at `seq`. */
export function pageLifetime(lists: Lists | undefined, seq: number, now: number): string {
  return lists === 'ttl' && isChanging(seq, now) ? lifetimes.brief : lifetimes.page;
}

/** Lambda's limit is 6,291,556 bytes of JSON. The rest is for the headers. */
export const maxBodyBytes = 6_200_000;

/** Returns whether texts fit together into the body of one response, which Lambda returns as a JSON string. */
export function fitsAnswer(...texts: readonly string[]): boolean {
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(JSON.stringify(text)), 0) <= maxBodyBytes;
}

/** Headers of every response. */
const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'strict-transport-security': 'max-age=31536000',
};

/**
 * Returns the headers with cache tags: by the name that S3 can send too for CloudFront, and by the usual name for other
 * caches.
 */
function tagged(tags: readonly string[]): Readonly<Record<string, string>> {
  const list = tags.join(',');
  return { [tagHeader]: list, 'cache-tag': list };
}

export interface Representation {
  readonly contentType: string;
  readonly body: string;
  readonly cacheControl: string;
  readonly tags: readonly string[];
  /** When its content last changed, epoch ms. */
  readonly changedAt: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Returns 200 with its validators, or 304 (RFC 9110 §13). Only `If-None-Match` decides: two changes within one second
 * have the same date, so a client that compares dates would miss the second one.
 */
export function answer(request: Request, representation: Representation): Response {
  const digest = createHash('sha256').update(representation.body).digest('base64url').slice(0, 27);
  // Each encoding is a representation of its own (RFC 9110 §8.8.3.3).
  const etag = `"${[digest, request.encoding].filter(Boolean).join('-')}"`;
  const headers = {
    ...always,
    // Otherwise search engines would list the JSON beside its page.
    ...(/[/+]json\b/.test(representation.contentType) && { 'x-robots-tag': 'noindex' }),
    ...representation.headers,
    'content-type': representation.contentType,
    'cache-control': representation.cacheControl,
    ...tagged(representation.tags),
    etag,
    ...(representation.changedAt > 0 && { 'last-modified': new Date(representation.changedAt).toUTCString() }),
  };
  const fresh = request.ifNoneMatch !== undefined && matchesEtag(request.ifNoneMatch, etag);
  return fresh ? { status: 304, headers, body: '' } : { status: 200, headers, body: representation.body };
}

/** Compares weakly (RFC 9110 §8.8.3.2), because a proxy that compresses makes a tag weak. */
function matchesEtag(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch
    .split(',')
    .some((candidate) => candidate.trim() === '*' || candidate.trim().replace(/^W\//, '') === etag);
}

export function movedTo(path: string, tags: readonly string[]): Response {
  return {
    status: 301,
    headers: { ...always, location: path, 'cache-control': lifetimes.moved, ...tagged(tags) },
    body: '',
  };
}

/** Returns a path with a query, if there is any. */
export function withQuery(path: string, query: URLSearchParams): string {
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** Returns a response that no cache may store. */
export function uncached(contentType: string, body: string, headers: Readonly<Record<string, string>>): Response {
  return {
    status: 200,
    headers: { ...always, 'content-type': contentType, 'cache-control': lifetimes.private, ...headers },
    body,
  };
}

/** Returns an error as problem details (RFC 9457). */
export function problem(status: number, title: string, detail: string, tags: readonly string[] = []): Response {
  return failure(
    status,
    'application/problem+json',
    JSON.stringify({ type: 'about:blank', title, status, detail } satisfies InferOutput<typeof problemSchema>),
    tags,
  );
}

/** Returns an error, with the short lifetime of errors. */
export function failure(
  status: number,
  contentType: string,
  body: string,
  tags: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Response {
  return {
    status,
    headers: {
      ...always,
      ...headers,
      'content-type': contentType,
      'cache-control': lifetimes.missing,
      ...(tags.length > 0 && tagged(tags)),
    },
    body,
  };
}
