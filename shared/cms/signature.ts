import { createHmac, timingSafeEqual } from 'node:crypto';
import { parsedJson } from '../json.ts';

/** How a CMS authenticates its requests. */
export type Authentication =
  /** Ghost: `X-Ghost-Signature: sha256=<hex>, t=<epoch ms>`, HMAC-SHA256 over the raw body followed by t. */
  | { readonly kind: 'ghost' }
  /** `<prefix>-signature: sha256=<hex>`, HMAC-SHA256 over `<prefix>-timestamp` (epoch seconds), a dot, and the raw body. */
  | { readonly kind: 'hmac'; readonly prefix: string }
  /** Superdesk: `x-superdesk-signature: sha1=<hex>`, HMAC-SHA1 over the raw body. It covers no time. */
  | { readonly kind: 'superdesk' }
  /** A fixed token in a header, for a CMS that cannot sign. */
  | { readonly kind: 'token'; readonly header: string };

export interface Signed {
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The raw bytes that were signed. */
  readonly body: Uint8Array;
}

/** The maximum age of a signature. */
const replayWindowMilliseconds = 5 * 60_000;

/**
 * The tolerance for a CMS's clock that is ahead. The signed time becomes the story's `receivedAt`, which `accept`
 * allows to be ten seconds after the bus event's time. A later time is rejected and not changed to now, because the
 * same request would then get another `receivedAt` each time that it is sent.
 */
const clockAheadMilliseconds = 5000;

/** A request that is authenticated by one of the endpoint's secrets. */
export interface Verified {
  /** The signed time, epoch milliseconds (`hmac` has whole seconds). Absent for a token. */
  readonly signedAt?: number;
}

/**
 * Verifies a request by any of the secrets. Returns undefined if none matches, or if the signature is too old or too
 * far ahead of `now` (epoch ms).
 */
export function verify(
  authentication: Authentication,
  { headers, body }: Signed,
  secrets: readonly string[],
  now: number,
): Verified | undefined {
  switch (authentication.kind) {
    case 'ghost': {
      const [, signature = '', t = ''] =
        /^sha256=([0-9a-f]{64}), ?t=(\d{1,16})$/i.exec(headers['x-ghost-signature'] ?? '') ?? [];
      const signedAt = Number(t || NaN);
      return isRecent(signedAt, now) && isSignature(signature, secrets, [body, t]) ? { signedAt } : undefined;
    }
    case 'hmac': {
      const timestamp = headers[`${authentication.prefix}-timestamp`] ?? '';
      const [, signature = ''] =
        /^sha256=([0-9a-f]{64})$/i.exec(headers[`${authentication.prefix}-signature`] ?? '') ?? [];
      const signedAt = /^\d{1,13}$/.test(timestamp) ? Number(timestamp) * 1000 : NaN;
      return isRecent(signedAt, now) && isSignature(signature, secrets, [timestamp, '.', body])
        ? { signedAt }
        : undefined;
    }
    case 'superdesk': {
      const [, signature = ''] = /^sha1=([0-9a-f]{40})$/i.exec(headers['x-superdesk-signature'] ?? '') ?? [];
      return isSignature(signature, secrets, [body], 'sha1') ? {} : undefined;
    }
    case 'token': {
      const token = headers[authentication.header] ?? '';
      // Comparing every secret, by hashes of equal length, takes a constant time.
      return token !== '' && secrets.map((secret) => sameText(hashOf(token), hashOf(secret))).includes(true)
        ? {}
        : undefined;
    }
  }
}

/** Returns whether the signature covers a time, so that an old request can be distinguished from a new one. */
export function signsTime({ kind }: Authentication): boolean {
  return kind === 'ghost' || kind === 'hmac';
}

/** Returns the headers that authenticate a body as the CMS would, to test a webhook endpoint. */
export function sign(
  authentication: Authentication,
  body: Uint8Array,
  secret: string,
  now: number,
): Record<string, string> {
  switch (authentication.kind) {
    case 'ghost':
      return { 'x-ghost-signature': `sha256=${hmacOf(secret, [body, String(now)]).toString('hex')}, t=${now}` };
    case 'hmac': {
      const timestamp = String(Math.floor(now / 1000));
      return {
        [`${authentication.prefix}-timestamp`]: timestamp,
        [`${authentication.prefix}-signature`]: `sha256=${hmacOf(secret, [timestamp, '.', body]).toString('hex')}`,
      };
    }
    case 'superdesk':
      return { 'x-superdesk-signature': `sha1=${hmacOf(secret, [body], 'sha1').toString('hex')}` };
    case 'token':
      return { [authentication.header]: secret };
  }
}

function isRecent(instant: number, now: number): boolean {
  return now - instant <= replayWindowMilliseconds && instant - now <= clockAheadMilliseconds;
}

type Hash = 'sha256' | 'sha1';

function isSignature(
  hex: string,
  secrets: readonly string[],
  signed: readonly (string | Uint8Array)[],
  hash: Hash = 'sha256',
): boolean {
  const given = Buffer.from(hex, 'hex');
  // `sameText` is false for an empty or shortened signature.
  return secrets.map((secret) => sameText(given, hmacOf(secret, signed, hash))).includes(true);
}

function hmacOf(secret: string, signed: readonly (string | Uint8Array)[], hash: Hash = 'sha256'): Buffer {
  const hmac = createHmac(hash, secret);
  for (const part of signed) hmac.update(part);
  return hmac.digest();
}

function hashOf(text: string): Buffer {
  return createHmac('sha256', 'pressrun').update(text).digest();
}

function sameText(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Returns the secrets in a value of Secrets Manager. A plain text is one secret; JSON names those that are valid at the
 * same time (`current`, `previous`), and the key of the CMS's API (`api`).
 */
export function secretsIn(value: string): { readonly webhook: readonly string[]; readonly api: string | undefined } {
  const held = parsedJson(value);
  const texts = (given: readonly unknown[]): string[] =>
    given.filter((text): text is string => typeof text === 'string' && text !== '');
  if (Array.isArray(held)) return { webhook: texts(held), api: undefined };
  if (typeof held !== 'object' || held === null) return { webhook: texts([value]), api: undefined };
  const { current, previous, api } = held as Record<string, unknown>;
  return { webhook: texts([current, previous]), api: texts([api])[0] };
}
