import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sign, secretsIn, verify, type Authentication } from '../../shared/cms/signature.ts';
import { sources } from '../../shared/cms/sources.ts';
import { noon } from './story.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const isProven = (...request: Parameters<typeof verify>): boolean => verify(...request) !== undefined;

describe('the verification of a request', () => {
  const proofs = [
    ...new Map(sources.map(({ authentication }) => [JSON.stringify(authentication), authentication])).values(),
  ];
  const secret = fc
    .string({ minLength: 1, maxLength: 40 })
    .filter((text) => text.trim() === text && /^[!-~]+$/.test(text));
  const raw = fc.uint8Array({ maxLength: 200 });

  test('accepts the signature of Ghost: hex of HMAC-SHA256 over the raw body and t', () => {
    const hex = createHmac('sha256', 'k').update('{"post":{}}1767225600000').digest('hex');
    const signed = { headers: { 'x-ghost-signature': `sha256=${hex}, t=1767225600000` }, body: bytes('{"post":{}}') };
    expect(isProven({ kind: 'ghost' }, signed, ['k'], 1_767_225_600_000)).toBe(true);
  });

  test('accepts the signature of the plugin: hex of HMAC-SHA256 over seconds, a dot and the raw body', () => {
    const hex = createHmac('sha256', 'k').update('1767225600.{}').digest('hex');
    const signed = {
      headers: { 'x-wp-timestamp': '1767225600', 'x-wp-signature': `sha256=${hex}` },
      body: bytes('{}'),
    };
    expect(isProven({ kind: 'hmac', prefix: 'x-wp' }, signed, ['k'], 1_767_225_600_000)).toBe(true);
  });

  test('accepts the signature of Superdesk: hex of HMAC-SHA1 over the raw body', () => {
    const hex = createHmac('sha1', 'k').update('{"guid":"a"}').digest('hex');
    const signed = { headers: { 'x-superdesk-signature': `sha1=${hex}` }, body: bytes('{"guid":"a"}') };
    expect(isProven({ kind: 'superdesk' }, signed, ['k'], noon)).toBe(true);
    expect(isProven({ kind: 'superdesk' }, { ...signed, body: bytes('{"guid":"b"}') }, ['k'], noon)).toBe(false);
  });

  test.each<[string, Authentication]>(proofs.map((authentication) => [authentication.kind, authentication]))(
    'accepts either secret and no other: %s',
    (_, authentication) => {
      fc.assert(
        fc.property(secret, secret, secret, raw, fc.nat({ max: 2e12 }), (current, previous, other, body, now) => {
          for (const known of [current, previous])
            expect(
              isProven(
                authentication,
                { headers: sign(authentication, body, known, now), body },
                [current, previous],
                now,
              ),
            ).toBe(true);
          if (other !== current && other !== previous)
            expect(
              isProven(
                authentication,
                { headers: sign(authentication, body, other, now), body },
                [current, previous],
                now,
              ),
            ).toBe(false);
          expect(isProven(authentication, { headers: sign(authentication, body, current, now), body }, [], now)).toBe(
            false,
          );
          expect(isProven(authentication, { headers: {}, body }, [current], now)).toBe(false);
        }),
      );
    },
  );

  test.each<[string, Authentication]>(
    proofs.filter(({ kind }) => kind !== 'token').map((authentication) => [authentication.kind, authentication]),
  )('rejects a changed byte, and a signature older than five minutes: %s', (_, authentication) => {
    fc.assert(
      fc.property(
        secret,
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (known, body, where, change) => {
          const headers = sign(authentication, body, known, noon);
          const changed = Uint8Array.from(body);
          changed[where % body.length] = (changed[where % body.length] ?? 0) ^ change;
          expect(isProven(authentication, { headers, body: changed }, [known], noon)).toBe(false);
          expect(isProven(authentication, { headers, body }, [known], noon + 299_000)).toBe(true);
          // Superdesk's signature does not cover a time: the version order handles repeats.
          const isEndless = authentication.kind === 'superdesk';
          expect(isProven(authentication, { headers, body }, [known], noon + 301_001)).toBe(isEndless);
          expect(isProven(authentication, { headers, body }, [known], noon - 5001)).toBe(isEndless);
        },
      ),
    );
  });

  test('accepts a signature for five minutes, and five seconds before its time, with no extra character', () => {
    const body = bytes('{}');
    for (const authentication of proofs.filter(({ kind }) => kind !== 'token')) {
      const headers = sign(authentication, body, 'k', noon);
      const changed = (change: (value: string) => string, name: string): Record<string, string> => ({
        ...headers,
        [name]: change(headers[name] ?? ''),
      });
      for (const late of [-5000, 0, 300_000])
        expect(isProven(authentication, { headers, body }, ['k'], noon + late)).toBe(true);
      for (const name of Object.keys(headers)) {
        expect(isProven(authentication, { headers: changed((value) => `x${value}`, name), body }, ['k'], noon)).toBe(
          false,
        );
        expect(isProven(authentication, { headers: changed((value) => `${value}x`, name), body }, ['k'], noon)).toBe(
          false,
        );
      }
    }
    const { 'x-ghost-signature': signature = '' } = sign({ kind: 'ghost' }, body, 'k', noon);
    expect(
      isProven(
        { kind: 'ghost' },
        {
          headers: {
            'x-ghost-signature': signature
              .replace(', ', ',')
              .toUpperCase()
              .replace('SHA256', 'sha256')
              .replace('T=', 't='),
          },
          body,
        },
        ['k'],
        noon,
      ),
    ).toBe(true);
  });

  test('returns the time that the signature covers, to the second or millisecond, and none for a token', () => {
    const known = (authentication: Authentication): unknown =>
      verify(
        authentication,
        { headers: sign(authentication, bytes('{}'), 'k', noon + 678), body: bytes('{}') },
        ['k'],
        noon,
      );
    expect([
      known({ kind: 'ghost' }),
      known({ kind: 'hmac', prefix: 'x-wp' }),
      known({ kind: 'token', header: 'x-token' }),
    ]).toEqual([{ signedAt: noon + 678 }, { signedAt: noon }, {}]);
  });

  test('rejects an empty token, even if a secret is empty', () => {
    const authentication: Authentication = { kind: 'token', header: 'x-token' };
    expect(isProven(authentication, { headers: { 'x-token': '' }, body: bytes('') }, [''], noon)).toBe(false);
    expect(isProven(authentication, { headers: { 'x-token': 's' }, body: bytes('') }, ['s'], noon)).toBe(true);
  });

  test('does not throw for any headers', () => {
    const names = [
      'x-ghost-signature',
      'x-wp-timestamp',
      'x-wp-signature',
      'x-pressrun-token',
      'x-pressrun-timestamp',
      'x-pressrun-signature',
    ];
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...names),
          fc.oneof(
            fc.string(),
            fc.constant('sha256=00, t='),
            fc.stringMatching(/^sha256=[0-9a-f]{64}(, t=\d{0,20})?$/),
          ),
        ),
        raw,
        (headers, body) => {
          for (const authentication of proofs)
            expect(isProven(authentication, { headers, body }, ['a secret that nobody guesses'], noon)).toBe(false);
        },
      ),
    );
  });

  test.each<[string, string, readonly string[], string | undefined]>([
    ['a text', 'plain', ['plain'], undefined],
    ['a current and a previous one', '{"current":"a","previous":"b"}', ['a', 'b'], undefined],
    ['an empty previous secret is ignored', '{"current":"a","previous":""}', ['a'], undefined],
    ['the API key is not a webhook secret', '{"current":"a","api":"k"}', ['a'], 'k'],
    ['a list', '["a","b"]', ['a', 'b'], undefined],
    ['nothing', '', [], undefined],
    ['null', 'null', ['null'], undefined],
    ['an object without a secret', '{"current":7}', [], undefined],
  ])('reads the secret: %s', (_, value, webhook, api) => {
    expect(secretsIn(value)).toEqual({ webhook, api });
  });
});
