import type { Command, Plan, Said } from './plan.ts';
import { run } from './run.ts';

/** Another order of the same few commands often fails where the first no longer does. */
const salts = [0, 1, 2, 3];
const maxRuns = 1500;

const adornments = [
  'topic',
  'by',
  'path',
  'urgency',
  'firstCreated',
  'firstPublished',
  'revision',
  'expires',
  'embargo',
  'pubStatus',
  'section',
] as const satisfies readonly (keyof Said)[];

/** Returns the smallest plan found that breaks the same rule, or the plan itself if it breaks none. Deterministic. */
export async function shrink(plan: Plan): Promise<Plan> {
  const rule = (await run(plan)).broken?.rule;
  if (rule === undefined) return plan;
  let smallest = plan;
  let runs = 0;
  /** Whether the plan still fails, in any order; then it is the smallest. */
  const isEnough = async (candidate: Plan): Promise<boolean> => {
    for (const salt of [...new Set([smallest.salt, ...salts])]) {
      runs += 1;
      if (runs > maxRuns) return false;
      const salted = { ...candidate, salt };
      if ((await run(salted)).broken?.rule !== rule) continue;
      smallest = salted;
      return true;
    }
    return false;
  };

  for (let before: Plan | undefined; before !== smallest && runs <= maxRuns; ) {
    before = smallest;
    await dropCommands(
      () => smallest.commands,
      async (commands) => isEnough({ ...smallest, commands }),
    );
    for (const kind of smallest.faults)
      await isEnough({ ...smallest, faults: smallest.faults.filter((other) => other !== kind) });
    for (let maxFaults = 0; maxFaults < smallest.maxFaults; maxFaults += 1)
      if (await isEnough({ ...smallest, maxFaults })) break;
    for (const index of smallest.commands.keys())
      for (const name of adornments) {
        const command = smallest.commands[index];
        if (command?.does !== 'send' || command[name] === undefined) continue;
        const { [name]: _, ...plain } = command;
        await isEnough({ ...smallest, commands: smallest.commands.with(index, plain) });
      }
  }
  return smallest;
}

/** Drops ever smaller runs of commands (delta debugging). */
async function dropCommands(
  current: () => readonly Command[],
  isEnough: (commands: readonly Command[]) => Promise<boolean>,
): Promise<void> {
  for (let size = Math.ceil(current().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < current().length; ) {
      const commands = current().toSpliced(from, size);
      if (!(await isEnough(commands))) from += size;
    }
  }
}
