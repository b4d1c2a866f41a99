import type { Plan } from './plan.ts';
import { Violation } from './scheduler.ts';
import { World } from './world.ts';

/** The outcome of a run. */
export interface Outcome {
  readonly broken: { readonly rule: string; readonly message: string } | undefined;
  readonly trace: readonly string[];
}

/** Plays a plan: the same plan, the same outcome and the same trace, to the byte. */
export async function run(plan: Plan, isTracing = false): Promise<Outcome> {
  const world = new World(plan, isTracing);
  try {
    await world.play();
    return { broken: undefined, trace: world.trace };
  } catch (error) {
    if (error instanceof Violation) return { broken: { rule: error.rule, message: error.message }, trace: world.trace };
    // An unexpected exception of the pipeline is a violation, too.
    return {
      broken: { rule: 'crash', message: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      trace: world.trace,
    };
  }
}
