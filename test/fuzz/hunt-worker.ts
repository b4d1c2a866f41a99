import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import type { Mutant } from '../simulation/mutant.ts';
import { plant } from '../simulation/plant.ts';

const { mutant, module, runs } = workerData as { mutant: Mutant; module: string; runs: number };
plant(mutant);

// After the bug is planted, so that the properties see the mutated code.
const { properties } = (await import(new URL(module, import.meta.url).href)) as {
  properties: readonly fc.IAsyncProperty<unknown>[];
};

async function search(): Promise<string | undefined> {
  for (const property of properties) {
    const { failed, errorInstance } = await fc.check(property, { numRuns: runs, seed: 4711 });
    if (!failed) continue;
    if (errorInstance instanceof Error && errorInstance.name === 'AssertionError') return errorInstance.message;
    throw errorInstance;
  }
  return undefined;
}

parentPort?.postMessage({ found: await search() });
