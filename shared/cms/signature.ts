import { createHmac, timingSafeEqual } from 'node:crypto';

/** How a CMS shows that a request is its own. */
export type Authentication =
  /** Ghost: `X-Ghost-Signature: sha256=<hex>, t=<epoch ms>`, HMAC-SHA256 over the raw body followed by t. */
  | { readonly kind: 'ghost' }
  /** `<prefix>-signature: sha256=<hex>`, HMAC-SHA256 over `<prefix>-timestamp` (epoch seconds), a dot, and the raw body. */
  | { readonly kind: 'hmac'; readonly prefix: string }
  /** A fixed header, for a CMS that cannot sign. */
  | { readonly kind: 'token'; readonly header: string };

export interface Signed {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The very bytes that were signed. */
  readonly body: Uint8Array;
}

/** How old a signature may be. */
const replayWindowMilliseconds = 5 * 60_000;

/**
 * How far the clock of a CMS may run ahead. What it signed is the story's `receivedAt`, which `accept` allows to be ten seconds after the
 * bus event's time; clamping a later one to now would give the same request another `receivedAt` each time that it is sent.
 */
const clockAheadMilliseconds = 5000;

/** That a request comes from one who knows a secret of the endpoint. */
export interface Verified {
  /** The time that the signature covers, epoch milliseconds (`hmac` has whole seconds); a token covers none. */
  readonly signedAt?: number;
}

/** What is known of a request that was made by one who knows any of the secrets, else undefined; `now` is epoch milliseconds. */
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
    case 'token': {
      const token = headers[authentication.header] ?? '';
      // Every secret is compared, and hashes have one length, so time tells nothing of either.
      return token !== '' && secrets.map((secret) => sameText(hashOf(token), hashOf(secret))).includes(true)
        ? {}
        : undefined;
    }
  }
}

/** Signs as the CMSes do: for the test of a webhook. Headers to send with the body. */
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
    case 'token':
      return { [authentication.header]: secret };
  }
}

function isRecent(instant: number, now: number): boolean {
  return now - instant <= replayWindowMilliseconds && instant - now <= clockAheadMilliseconds;
}

function isSignature(hex: string, secrets: readonly string[], signed: readonly (string | Uint8Array)[]): boolean {
  const given = Buffer.from(hex, 'hex');
  return given.length === 32 && secrets.map((secret) => sameText(given, hmacOf(secret, signed))).includes(true);
}

function hmacOf(secret: string, signed: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac('sha256', secret);
  for (const part of signed) hmac.update(part);
  return hmac.digest();
}

function hashOf(text: string): Buffer {
  return createHmac('sha256', 'pressrun').update(text).digest();
}

function sameText(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The secrets in a value of Secrets Manager: a text is one; JSON names those that are valid at once (`current`, `previous`), and the key of the CMS's API (`api`). */
export function secretsIn(value: string): { readonly webhook: readonly string[]; readonly api: string | undefined } {
  const held = jsonIn(value);
  const texts = (given: readonly unknown[]): string[] =>
    given.filter((text): text is string => typeof text === 'string' && text !== '');
  if (Array.isArray(held)) return { webhook: texts(held), api: undefined };
  if (typeof held !== 'object' || held === null) return { webhook: texts([value]), api: undefined };
  const { current, previous, api } = held as Record<string, unknown>;
  return { webhook: texts([current, previous]), api: texts([api])[0] };
}

function jsonIn(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
