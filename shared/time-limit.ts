/**
 * Runs synchronous work and returns its result. Throws {@link Overrun} if the work takes longer than its share of time.
 */
export type TimeLimit = <T>(work: () => T) => T;

/** Thrown for work that did not end within all of its time. */
export class Overrun extends Error {}

/** Thrown before work for which no time is left. It implies nothing about the work itself. */
export class NoTimeLeft extends Error {}

/**
 * Returns the error as an {@link Overrun} if the work was too large: also for a text longer than V8 can hold, and for
 * an exhausted stack. Returns undefined for any other error.
 */
export function overrunOf(error: unknown): Overrun | undefined {
  if (error instanceof Overrun) return error;
  return error instanceof RangeError
    ? new Overrun('must be simpler: the result of processing it is too large')
    : undefined;
}
