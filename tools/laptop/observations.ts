import type { Observation, StackEvents } from '../dashboard/trace.ts';

/** Hands what the stack sees to whoever listens. */
export class Observations implements StackEvents {
  readonly #listeners = new Set<(observation: Observation) => void>();

  on(listener: (observation: Observation) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** False while nobody listens, so that nothing need be read out of a request for their sake. */
  get wanted(): boolean {
    return this.#listeners.size > 0;
  }

  notify(observation: Observation): void {
    for (const listener of this.#listeners) listener(observation);
  }
}
