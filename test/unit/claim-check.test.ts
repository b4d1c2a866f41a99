import { describe, expect, test } from '@jest/globals';
import { largestDetailBytes, payloadKey, withClaimCheck, withPayload } from '../../shared/events/claim-check.ts';
import { MemoryPayloadStore } from '../fakes/memory-webhooks.ts';

const article = { uri: 'urn:newsroom:long', versionCreated: '2026-05-01T12:00:00.000Z', bodies: [{ value: 'Long.' }] };
const bytesOf = (detail: object): number => Buffer.byteLength(JSON.stringify(detail));
/** A detail of exactly so many bytes. */
const detailOf = (bytes: number): Record<string, unknown> => ({
  article,
  reason: 'ä'.repeat(5) + 'x'.repeat(bytes - bytesOf({ article, reason: 'ä'.repeat(5) })),
});

describe('a detail', () => {
  test('that fits on the bus is unchanged', async () => {
    const payloads = new MemoryPayloadStore();
    const detail = detailOf(largestDetailBytes);
    expect(bytesOf(detail)).toBe(largestDetailBytes);
    expect(await withClaimCheck(payloads, detail)).toBe(detail);
    expect(payloads.withClaimCheck.size).toBe(0);
  });

  test('that is one byte too large is replaced by a claim check with its uri and version', async () => {
    const payloads = new MemoryPayloadStore();
    const bulk = detailOf(largestDetailBytes + 1);
    const said = await withClaimCheck(payloads, { ...bulk, receivedAt: 7, correlationId: 'request-1' });
    const [[key, text] = []] = payloads.withClaimCheck;
    expect(said).toStrictEqual({
      article: { uri: article.uri, versionCreated: article.versionCreated },
      receivedAt: 7,
      correlationId: 'request-1',
      claim: { key },
    });
    expect(key).toBe(payloadKey(text ?? ''));
    expect(JSON.parse(text ?? '')).toStrictEqual(bulk);
    // Fields that differ between repeats of a message are not part of the payload.
    expect(await withClaimCheck(payloads, { ...bulk, receivedAt: 8, correlationId: 'request-2' })).toStrictEqual({
      ...said,
      receivedAt: 8,
      correlationId: 'request-2',
    });
    expect(payloads.withClaimCheck.size).toBe(1);
  });

  test('without an article or a receipt is replaced by a claim check without them', async () => {
    const { claim, ...rest } = await withClaimCheck(new MemoryPayloadStore(), {
      front: 'x'.repeat(largestDetailBytes),
    });
    expect(rest).toStrictEqual({});
    expect(claim).toStrictEqual({ key: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown });
  });
});

describe('an event with a claim check', () => {
  const bulk = { article, reason: 'parked' };
  const text = JSON.stringify(bulk);
  const key = payloadKey(text);
  const payloads = new MemoryPayloadStore();
  const keep = async (kept: string): Promise<string> => {
    await payloads.put(payloadKey(kept), kept);
    return payloadKey(kept);
  };
  const event = (detail: unknown, source: unknown = 'cms.ghost'): string =>
    JSON.stringify({ id: 'e', source, 'detail-type': 'article.published', detail });

  test('gets the stored detail, with the receipt and correlation id of its own message', async () => {
    await keep(text);
    expect(
      JSON.parse(
        await withPayload(
          payloads,
          event({ claim: { key }, article: { uri: 'urn:other' }, receivedAt: 7, correlationId: 'request-1' }),
        ),
      ),
    ).toStrictEqual(JSON.parse(event({ ...bulk, receivedAt: 7, correlationId: 'request-1' })));
    expect(JSON.parse(await withPayload(payloads, event({ claim: { key } })))).toStrictEqual(JSON.parse(event(bulk)));
  });

  test.each([
    ['no claim check', event({ article })],
    ['the word in a text', event({ article: { headlines: [{ value: '"claim"' }] } })],
    ['in a body that is not JSON', '{"claim"'],
    ['in a body that is not an event', '["claim"]'],
    ['from a source that is not an endpoint', event({ claim: { key } }, 'newsroom')],
    ['from a source that only resembles an endpoint', event({ claim: { key } }, 'my.cms.')],
    ['from a source that is not text', event({ claim: { key } }, 7)],
    ['beside a detail that is a list', event(['claim'])],
    ['with a key that is too short', event({ claim: { key: key.slice(1) } })],
    ['with a key that is too long', event({ claim: { key: `${key}0` } })],
    ['with a character before the key', event({ claim: { key: `x${key}` } })],
    ['with a key that is not hexadecimal', event({ claim: { key: key.toUpperCase().replace(/[0-9]/g, 'G') } })],
    ['without a key', event({ claim: {} })],
    ['for a payload that is not stored', event({ claim: { key: 'f'.repeat(64) } })],
  ])('stays as it is, to be rejected: %s', async (_, body) => {
    await keep(text);
    expect(await withPayload(payloads, body)).toBe(body);
  });

  test.each(['no JSON', '[]', 'null', '7'])('stays as it is if the payload is %j', async (kept) => {
    const body = event({ claim: { key: await keep(kept) } });
    expect(await withPayload(payloads, body)).toBe(body);
  });

  test('stays as it is if the payload does not match its key', async () => {
    await payloads.put('a'.repeat(64), text);
    const body = event({ claim: { key: 'a'.repeat(64) } });
    expect(await withPayload(payloads, body)).toBe(body);
  });
});
