import type { Observation, StackEvents } from '../dashboard/trace.ts';

/** Sends the stack's observations to its listeners. */
export class Observations implements StackEvents {
  readonly #listeners = new Set<(observation: Observation) => void>();

  on(listener: (observation: Observation) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** False without listeners: then requests need not be read for them. */
  get wanted(): boolean {
    return this.#listeners.size > 0;
  }

  notify(observation: Observation): void {
    for (const listener of this.#listeners) listener(observation);
  }
}
