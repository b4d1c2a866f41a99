import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { PayloadStore } from './ports.ts';
import { isObject } from '../cms/source-api.ts';
import { parsedJson } from '../json.ts';

/**
 * PutEvents takes 1 MB in one call, and so does a message of the queue behind the bus. The difference is reserved for
 * the rest of the event and for longer encodings of its JSON.
 */
export const largestDetailBytes = 960_000;

/**
 * A detail with a claim check. Its key is the payload's digest, so a sender can fetch only a payload that it knows
 * already.
 */
const claimed = v.looseObject({ claim: v.object({ key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }) });

export function payloadKey(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Returns a detail that fits on the bus. Most of a larger one is put into the payload store and replaced by a claim
 * check.
 */
export async function withClaimCheck(
  payloads: Pick<PayloadStore, 'put'>,
  detail: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  if (Buffer.byteLength(JSON.stringify(detail)) <= largestDetailBytes) return detail;
  // Repeats of one message differ only in these fields. Without them they share one payload.
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
 * Returns the event of a queue's message. A claim check is replaced by its payload, so that the version has the same
 * digest as an event that fits on the bus. A message without a valid claim check is returned unchanged, and `accept`
 * validates it.
 */
export async function withPayload(payloads: Pick<PayloadStore, 'fetch'>, body: string): Promise<string> {
  if (!body.includes('"claim"')) return body;
  const event = parsedJson(body);
  const detail = isObject(event) ? event['detail'] : undefined;
  const claim = v.safeParse(claimed, detail);
  if (!isObject(event) || !isOwn(event['source']) || !isObject(detail) || !claim.success) return body;
  const { key } = claim.output.claim;
  const text = await payloads.fetch(key);
  if (text === undefined || payloadKey(text) !== key) return body;
  const bulk = parsedJson(text);
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

/** Returns whether the source may use claim checks: only webhook endpoints and sweeps need one. */
function isOwn(source: unknown): boolean {
  return typeof source === 'string' && source.startsWith('cms.');
}
