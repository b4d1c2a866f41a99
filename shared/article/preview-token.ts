import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { parsedJson } from '../json.ts';

/** The version that a preview link shows, and the end of its validity. */
export interface Preview {
  /** The article's uri. */
  readonly uri: string;
  /** The version with this `versionCreated`, epoch ms; without it, the newest one. */
  readonly versionCreated?: number | undefined;
  /** Epoch ms. A token has whole seconds. */
  readonly expiresAt: number;
}

/** The longest validity of a link. The longer a link works, the more likely it is passed on. */
export const longestPreviewMilliseconds = 7 * 24 * 3_600_000;

const header = v.object({ alg: v.literal('HS256') });
const claims = v.object({
  sub: v.string(),
  exp: v.number(),
  versionCreated: v.optional(
    v.pipe(
      v.string(),
      v.check((value) => !Number.isNaN(Date.parse(value))),
    ),
  ),
});

/**
 * Returns a token for a preview: a JSON Web Token (RFC 7519) with HMAC-SHA256. `sub` is the uri, `exp` epoch seconds,
 * `versionCreated` an instant.
 */
export function previewToken({ uri, versionCreated, expiresAt }: Preview, secret: string): string {
  const signed = [
    { alg: 'HS256', typ: 'JWT' },
    {
      sub: uri,
      exp: Math.floor(expiresAt / 1000),
      ...(versionCreated !== undefined && { versionCreated: new Date(versionCreated).toISOString() }),
    },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${signatureOf(signed, secret).toString('base64url')}`;
}

/**
 * Returns the preview of a token; undefined if none of the secrets signed it, if it has expired, or if it is valid for
 * too long.
 */
export function previewIn(token: string, secrets: readonly string[], now: number): Preview | undefined {
  const [head = '', body = '', signature = ''] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const isSigned = secrets.some((secret) => {
    const expected = signatureOf(`${head}.${body}`, secret);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!isSigned || !v.is(header, jsonIn(head))) return undefined;
  const said = v.safeParse(claims, jsonIn(body));
  if (!said.success) return undefined;
  const { sub: uri, exp, versionCreated } = said.output;
  const expiresAt = exp * 1000;
  if (!(expiresAt > now) || expiresAt > now + longestPreviewMilliseconds) return undefined;
  return { uri, expiresAt, ...(versionCreated !== undefined && { versionCreated: Date.parse(versionCreated) }) };
}

function signatureOf(signed: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(signed).digest();
}

function jsonIn(part: string): unknown {
  return parsedJson(Buffer.from(part, 'base64url').toString());
}
