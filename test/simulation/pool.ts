import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Plan } from './plan.ts';
import type { Mutant } from './mutant.ts';
import type { Outcome } from './run.ts';

/** A worker's task for one seed. */
export interface Task {
  readonly does: 'run' | 'trace' | 'shrink';
  readonly seed: number;
}

export interface Failure {
  readonly seed: number;
  readonly rule: string;
  readonly message: string;
}

/** A played plan with its outcome. */
export interface Played extends Outcome {
  readonly plan: Plan;
}

/** A thread with a pipeline of its own, mutated or not. */
class Bench {
  readonly #worker: Worker;

  constructor(mutant: Mutant | undefined) {
    // Without the flags of this process, such as a test runner's.
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { mutant }, execArgv: [] });
  }

  async ask(task: Task): Promise<unknown> {
    this.#worker.postMessage(task);
    const [answer] = (await once(this.#worker, 'message')) as [unknown];
    return answer;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Runs seeds from `from` on, over several threads; returns the first failures, lowest seed first, and stops at `mostFailures`. */
export async function simulate(options: {
  readonly from: number;
  readonly runs: number;
  readonly threads: number;
  readonly maxFailures: number;
  readonly mutant?: Mutant | undefined;
  readonly onRun?: () => void;
}): Promise<Failure[]> {
  const { from, runs, threads, maxFailures, mutant, onRun } = options;
  const failures: Failure[] = [];
  let next = from;
  const work = async (): Promise<void> => {
    const bench = new Bench(mutant);
    try {
      while (next < from + runs && failures.length < maxFailures) {
        const seed = next;
        next += 1;
        const { broken } = (await bench.ask({ does: 'run', seed })) as { broken: Outcome['broken'] };
        if (broken) failures.push({ seed, ...broken });
        onRun?.();
      }
    } finally {
      await bench.close();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  return failures.sort((a, b) => a.seed - b.seed);
}

/** Plays one seed with its trace, shrunk where it fails and `shrunk` is asked for. */
export async function play(seed: number, does: 'trace' | 'shrink', mutant?: Mutant): Promise<Played> {
  const bench = new Bench(mutant);
  try {
    return (await bench.ask({ does, seed })) as Played;
  } finally {
    await bench.close();
  }
}
