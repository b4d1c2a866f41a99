import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hunt, mutantNames } from './hunt.ts';
import { tryWebhook, webhooks } from './webhooks.ts';

test('no source publishes private content: three thousand webhooks in every state that a CMS has', () => {
  expect(() => {
    fc.assert(fc.property(webhooks, tryWebhook), { numRuns: 3000, seed: 4711 });
  }).not.toThrow();
});

test.each(mutantNames('mutants'))('the fuzzer finds the planted bug: %s', async (name) => {
  expect(await hunt('mutants', name, 'webhooks.ts', 3000)).toEqual(expect.any(String));
});
