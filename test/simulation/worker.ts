import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { planted, type Mutant } from './mutant.ts';
import type { Task } from './pool.ts';

const { mutant } = workerData as { mutant: Mutant | undefined };

if (mutant) {
  const mutated = new URL(`../../${mutant.file}`, import.meta.url).href;
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      return url === mutated ? { ...loaded, source: planted(mutant, Buffer.from(loaded.source as Uint8Array).toString()) } : loaded;
    },
  });
}

// After the hook, so that the house is the mutated one.
const { planOf } = await import('./history.ts');
const { run } = await import('./run.ts');
const { shrink } = await import('./shrink.ts');

parentPort?.on('message', (task: Task) => {
  void work(task);
});

async function work(task: Task): Promise<void> {
  const plan = planOf(task.seed);
  switch (task.does) {
    case 'run':
      parentPort?.postMessage({ seed: task.seed, broken: (await run(plan)).broken });
      return;
    case 'trace':
      parentPort?.postMessage({ plan, ...(await run(plan, true)) });
      return;
    case 'shrink': {
      const small = await shrink(plan);
      parentPort?.postMessage({ plan: small, ...(await run(small, true)) });
    }
  }
}
