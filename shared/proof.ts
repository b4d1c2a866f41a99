import { createHmac, timingSafeEqual } from 'node:crypto';

/** How a CMS shows that a request is its own. */
export type Proof =
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

/** How old a signature may be, and how far a CMS's clock may run ahead. */
const replayWindowMilliseconds = 5 * 60_000;

/** Whether a request was made by one who knows any of the secrets; `now` is epoch milliseconds. */
export function isProven(proof: Proof, { headers, body }: Signed, secrets: readonly string[], now: number): boolean {
  switch (proof.kind) {
    case 'ghost': {
      const [, signature = '', t = ''] = /^sha256=([0-9a-f]{64}), ?t=(\d{1,16})$/i.exec(headers['x-ghost-signature'] ?? '') ?? [];
      return isRecent(Number(t || NaN), now) && isSignature(signature, secrets, [body, t]);
    }
    case 'hmac': {
      const timestamp = headers[`${proof.prefix}-timestamp`] ?? '';
      const [, signature = ''] = /^sha256=([0-9a-f]{64})$/i.exec(headers[`${proof.prefix}-signature`] ?? '') ?? [];
      return (
        /^\d{1,13}$/.test(timestamp) && isRecent(Number(timestamp) * 1000, now) && isSignature(signature, secrets, [timestamp, '.', body])
      );
    }
    case 'token': {
      const token = headers[proof.header] ?? '';
      // Every secret is compared, and hashes have one length, so time tells nothing of either.
      return token !== '' && secrets.map((secret) => sameText(hashOf(token), hashOf(secret))).includes(true);
    }
  }
}

/** Signs as the CMSes do: for the test of a webhook. Headers to send with the body. */
export function prove(proof: Proof, body: Uint8Array, secret: string, now: number): Record<string, string> {
  switch (proof.kind) {
    case 'ghost':
      return { 'x-ghost-signature': `sha256=${hmacOf(secret, [body, String(now)]).toString('hex')}, t=${now}` };
    case 'hmac': {
      const timestamp = String(Math.floor(now / 1000));
      return {
        [`${proof.prefix}-timestamp`]: timestamp,
        [`${proof.prefix}-signature`]: `sha256=${hmacOf(secret, [timestamp, '.', body]).toString('hex')}`,
      };
    }
    case 'token':
      return { [proof.header]: secret };
  }
}

function isRecent(instant: number, now: number): boolean {
  return Math.abs(now - instant) <= replayWindowMilliseconds;
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
  const texts = (given: readonly unknown[]): string[] => given.filter((text): text is string => typeof text === 'string' && text !== '');
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
