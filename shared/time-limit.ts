/** Runs work that never waits; throws {@link Overrun} when it has not ended within its share of time. */
export type TimeLimit = <T>(work: () => T) => T;

/** Thrown for work that had the whole of its time and did not end. */
export class Overrun extends Error {}

/** Thrown before work for which there is no time any more: it says nothing of the work. */
export class NoTimeLeft extends Error {}

/** An error as an {@link Overrun}, if it says that the work was too much: also a text longer than V8 can hold, and a stack that is used up. */
export function overrunOf(error: unknown): Overrun | undefined {
  if (error instanceof Overrun) return error;
  return error instanceof RangeError ? new Overrun('must be simpler: what is made of it is too large') : undefined;
}
