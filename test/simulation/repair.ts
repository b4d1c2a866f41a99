import { reconcile } from '../../functions/reconcile/reconcile.ts';
import type { MemoryJobs } from '../fakes/memory-reconcile.ts';
import type { Functions } from './functions.ts';
import type { Machine } from './machine.ts';
import { Violation, type Scheduler } from './scheduler.ts';

interface Surroundings {
  readonly jobs: MemoryJobs;
  readonly machine: Machine;
  readonly functions: Functions;
  readonly scheduler: Scheduler;
}

/** One job repairs heads, which `project` follows; the next repairs the rows that depend on them. */
const maxJobs = 4;

/** Runs jobs of `reconcile` until one finds nothing. They repair lost schedules and restored tables. */
export async function repair(world: Surroundings, wait: () => Promise<void>): Promise<void> {
  for (let round = 1; round <= maxJobs; round += 1) {
    await wait();
    if (!(await repairOnce(world, round))) return;
  }
  throw new Violation('reconcile', `a job still finds drift after ${maxJobs} that repaired it`);
}

/** Runs one job over everything. Returns whether it found anything. */
async function repairOnce(world: Surroundings, number: number): Promise<boolean> {
  const messageId = `repair-${number}`;
  world.jobs.jobs.delete(messageId);
  world.machine.invoke(
    messageId,
    // Without a time limit: jobs in pieces run beside a history, elsewhere.
    3_600_000,
    async (invocation) => {
      const failures: unknown[] = [];
      const ports = world.functions.ports.forReconcile(invocation, (error) => failures.push(error));
      await reconcile(ports, JSON.stringify({ start: 'repair' }), { messageId, again: false }, Infinity);
      if (failures.length > 0) throw failures[0];
    },
    () => undefined,
    () => undefined,
  );
  await world.scheduler.runToRest();
  const { drift = {} } = world.jobs.jobs.get(messageId) ?? {};
  return Object.entries(drift).some(([kind, count]) => kind !== 'wakeUp' && count > 0);
}
