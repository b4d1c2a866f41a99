import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import type { Mutant } from './mutant.ts';
import { plant } from './plant.ts';

const { mutant, runs, seed } = workerData as { mutant: Mutant; runs: number; seed: number };
plant(mutant);

// After the hook, so that the sweep is the mutated one.
const { cmsHistory, played } = await import('./cms-history.ts');

/** The first history after which readers see something else than the CMS shows, with the difference. */
const details = await fc.check(
  fc.asyncProperty(cmsHistory, async (history) => {
    const difference = await played(history);
    if (difference !== undefined) throw new Error(difference);
  }),
  { numRuns: runs, seed, endOnFailure: true },
);
parentPort?.postMessage(details.errorInstance instanceof Error ? details.errorInstance.message : undefined);
