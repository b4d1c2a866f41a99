import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Mutant } from '../simulation/mutant.ts';
import { tryWebhook, webhooks } from './webhooks.ts';

const mutants = new URL('mutants/', import.meta.url);
const names = readdirSync(mutants).map((file) => file.replace(/\.ts$/, ''));

/** What the fuzzer says of sources with the bug planted; undefined where it finds nothing. */
async function hunt(name: string): Promise<unknown> {
  const { mutant } = (await import(new URL(`${name}.ts`, mutants).href)) as { mutant: Mutant };
  const worker = new Worker(new URL('webhook-worker.ts', import.meta.url), { workerData: { mutant, runs: 3000 }, execArgv: [] });
  const [{ found }] = (await once(worker, 'message')) as [{ found: unknown }];
  await worker.terminate();
  return found;
}

test('three thousand webhooks in every state that a CMS has: what is not for everybody leaves no source', () => {
  expect(() => {
    fc.assert(fc.property(webhooks, tryWebhook), { numRuns: 3000, seed: 4711 });
  }).not.toThrow();
});

test.each(names)('the fuzzer finds the planted bug: %s', async (name) => {
  expect(await hunt(name)).toEqual(expect.any(String));
});
