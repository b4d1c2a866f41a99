/** The time in epoch milliseconds. It is passed in, so that tests control it. */
export interface Clock {
  now(): number;
}

/** A clock that can also wait. */
export interface Timer extends Clock {
  pause(milliseconds: number): Promise<void>;
}
