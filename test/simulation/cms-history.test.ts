import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cmsHistory, played } from './cms-history.ts';
import { loadMutant, mutantNames } from './mutants.ts';

test('after a sweep, readers see what the CMS shows, whatever editors changed and webhooks lost', async () => {
  await fc.assert(
    fc.asyncProperty(cmsHistory, async (history) => {
      expect(await played(history)).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

describe('random histories find the planted bug', () => {
  test.each(mutantNames('cms-mutants'))('%s', async (name) => {
    const workerData = { mutant: await loadMutant(name, 'cms-mutants'), runs: 3000 };
    const worker = new Worker(new URL('cms-worker.ts', import.meta.url), { workerData, execArgv: [] });
    const [difference] = (await once(worker, 'message')) as [string | undefined];
    await worker.terminate();
    expect(difference).toMatch(/^the CMS shows|without a change$|^wordpress answered 422/);
  });
});
