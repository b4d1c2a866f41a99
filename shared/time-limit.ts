/** Runs work that never waits; throws {@link Overrun} when it has not ended within its share of time. */
export type TimeLimit = <T>(work: () => T) => T;

/** Thrown for work that had the whole of its time and did not end. */
export class Overrun extends Error {}
