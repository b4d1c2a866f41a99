import { parentPort, workerData } from 'node:worker_threads';
import type { Mutant } from './mutant.ts';
import { plant } from './plant.ts';
import type { Task } from './pool.ts';

const { mutant } = workerData as { mutant: Mutant | undefined };

plant(mutant);

// After the hook, so that the pipeline is the mutated one.
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
