import { reconcile } from '../../functions/reconcile/reconcile.ts';
import { Violation } from './scheduler.ts';
import type { World } from './world.ts';

/** One job repairs heads, which `project` follows; the next repairs the rows that depend on them. */
const maxPasses = 4;

/** Runs jobs of `reconcile` until one finds nothing. They repair lost schedules and restored tables. */
export async function repair(world: World, wait: () => Promise<void>): Promise<void> {
  for (let round = 1; round <= maxPasses; round += 1) {
    await wait();
    if (!(await repairOnce(world, round))) return;
  }
  throw new Violation('reconcile', `a pass still finds drift after ${maxPasses} that mended it`);
}

/** One pass over everything, and whether it found anything. */
async function repairOnce(world: World, number: number): Promise<boolean> {
  const messageId = `repair-${number}`;
  world.jobs.jobs.delete(messageId);
  world.machine.invoke(
    messageId,
    // Without a time limit: jobs in pieces run beside a history, elsewhere.
    3_600_000,
    async (invocation) => {
      const failures: unknown[] = [];
      const ports = world.reconcilePorts(invocation, (error) => failures.push(error));
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
