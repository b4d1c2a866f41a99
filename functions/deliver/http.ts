import { createHash } from 'node:crypto';
import type { InferOutput } from 'valibot';
import type { problemSchema } from '../../shared/events/answer-schema.ts';
import { tagHeader } from '../../shared/purge/tags.ts';
import { isChanging, type Lists } from '../../shared/feed/lists.ts';

/** A reader's request. `host` is the one that the reader asked for, as the CDN passes it on. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly host: string;
  readonly ifNoneMatch?: string | undefined;
  /** How the answer's body will be compressed. */
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
 * For how long the CDN may keep an answer; browsers ask every time. Each says how old a copy may be while the origin
 * fails, because CloudFront would serve one of any age otherwise.
 */
export const lifetimes = {
  page: 'public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=300',
  list: 'public, max-age=0, s-maxage=10, stale-while-revalidate=10, stale-if-error=300',
  brief: 'public, max-age=0, s-maxage=3, stale-while-revalidate=1, stale-if-error=300',
  // Headlines stand in it, and not every withdrawal purges it: no more than these seconds.
  changes: 'public, max-age=0, s-maxage=5, stale-if-error=0',
  moved: 'public, max-age=60, s-maxage=60, stale-if-error=300',
  // Short, because CloudFront does not document whether it keeps tags of error responses.
  missing: 'public, max-age=0, s-maxage=5, stale-if-error=0',
  never: 'no-store',
  private: 'private, no-store',
} as const;

/** How long a list is kept. */
export function listLifetime(lists: Lists | undefined): string {
  return lists === 'ttl' ? lifetimes.brief : lifetimes.list;
}

/** How long the page of a head that last changed at `seq` is kept. */
export function pageLifetime(lists: Lists | undefined, seq: number, now: number): string {
  return lists === 'ttl' && isChanging(seq, now) ? lifetimes.brief : lifetimes.page;
}

/** Lambda answers with at most 6,291,556 bytes of JSON; the rest is kept free for the headers. */
export const maxBodyBytes = 6_200_000;

/** Whether texts fit together into the body of one answer, which is a JSON string. */
export function fitsAnswer(...texts: readonly string[]): boolean {
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(JSON.stringify(text)), 0) <= maxBodyBytes;
}

/** Headers of every response. Browsers must not guess another content type. */
const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'strict-transport-security': 'max-age=31536000',
};

/** For CloudFront by the name that S3 can say too, and for any other cache by the usual one. */
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
 * 200 with its validators, or 304 (RFC 9110 §13). Only `If-None-Match` decides: two changes within one second have the
 * same date, so a client that compares dates would miss the second.
 */
export function answer(request: Request, representation: Representation): Response {
  const digest = createHash('sha256').update(representation.body).digest('base64url').slice(0, 27);
  // Each encoding is a representation of its own (RFC 9110 §8.8.3.3).
  const etag = `"${[digest, request.encoding].filter(Boolean).join('-')}"`;
  const headers = {
    ...always,
    // Search engines would list JSON beside the page that it describes.
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

/** Weak comparison (RFC 9110 §8.8.3.2): a proxy that compresses makes a tag weak. */
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

/** A response that nothing may keep. */
export function unkept(contentType: string, body: string, headers: Readonly<Record<string, string>>): Response {
  return {
    status: 200,
    headers: { ...always, 'content-type': contentType, 'cache-control': lifetimes.private, ...headers },
    body,
  };
}

/** An error for a program: problem details (RFC 9457). */
export function problem(status: number, title: string, detail: string, tags: readonly string[] = []): Response {
  return failure(
    status,
    'application/problem+json',
    JSON.stringify({ type: 'about:blank', title, status, detail } satisfies InferOutput<typeof problemSchema>),
    tags,
  );
}

/** An error of any kind, kept no longer than an error may be. */
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
