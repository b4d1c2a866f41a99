import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { PayloadStore } from '../ports.ts';
import { isObject } from '../cms/source-api.ts';

/**
 * What the bus takes in one call is 1 MB (EventBridge, PutEvents), and so is a message of the queue behind it; the rest of
 * the event, and what JSON of another make adds to it, is kept free.
 */
export const largestDetailBytes = 960_000;

/** A detail that had to be parked: its key is its digest, so a claim can fetch nothing but what its maker already knew. */
const claimed = v.looseObject({ claim: v.object({ key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }) });

export function payloadKey(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A detail as the bus can take it: whole, or with its bulk parked and a claim check in its place. */
export async function withClaimCheck(
  payloads: Pick<PayloadStore, 'put'>,
  detail: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  if (Buffer.byteLength(JSON.stringify(detail)) <= largestDetailBytes) return detail;
  // These differ in every repeat of one message; without them, they share a parcel.
  const { receivedAt, correlationId, ...bulk } = detail;
  const text = JSON.stringify(bulk);
  const key = payloadKey(text);
  await payloads.put(key, text);
  const { article } = bulk;
  return {
    ...(isObject(article) && { article: { uri: article['uri'], versionCreated: article['versionCreated'] } }),
    ...(receivedAt !== undefined && { receivedAt }),
    ...(correlationId !== undefined && { correlationId }),
    claim: { key },
  };
}

/**
 * The event that a queue's message means: one with a claim becomes the one that was parked, so that its version has the same
 * digest as if it had never been parked. Whatever has no good claim is returned as it came, for `accept` to judge.
 */
export async function withPayload(payloads: Pick<PayloadStore, 'fetch'>, body: string): Promise<string> {
  if (!body.includes('"claim"')) return body;
  const event = jsonIn(body);
  const detail = isObject(event) ? event['detail'] : undefined;
  const claim = v.safeParse(claimed, detail);
  if (!isObject(event) || !isOwn(event['source']) || !isObject(detail) || !claim.success) return body;
  const { key } = claim.output.claim;
  const text = await payloads.fetch(key);
  if (text === undefined || payloadKey(text) !== key) return body;
  const bulk = jsonIn(text);
  if (!isObject(bulk)) return body;
  const { receivedAt, correlationId } = detail;
  return JSON.stringify({
    ...event,
    detail: {
      ...bulk,
      ...(receivedAt !== undefined && { receivedAt }),
      ...(correlationId !== undefined && { correlationId }),
    },
  });
}

/** Doors and sweeps of this house park; nobody else has reason to. */
function isOwn(source: unknown): boolean {
  return typeof source === 'string' && source.startsWith('cms.');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
