import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { planted, type Mutant } from '../simulation/mutant.ts';

const { mutant, runs } = workerData as { mutant: Mutant; runs: number };
const mutated = new URL(`../../${mutant.file}`, import.meta.url).href;
registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    return url === mutated ? { ...loaded, source: planted(mutant, Buffer.from(loaded.source as Uint8Array).toString()) } : loaded;
  },
});

// After the hook, so that the sources are the mutated ones.
const { tryWebhook, webhooks } = await import('./webhooks.ts');
const { failed, errorInstance } = fc.check(fc.property(webhooks, tryWebhook), { numRuns: runs, seed: 4711 });
const isAssertion = errorInstance instanceof Error && errorInstance.name === 'AssertionError';
parentPort?.postMessage({ found: failed && isAssertion ? errorInstance.message : undefined });
