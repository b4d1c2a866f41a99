import type { Seen } from './consume.ts';

/** As long as the process lives, and for so many keys as were used last. */
export class MemorySeen implements Seen {
  readonly #highest = new Map<string, number>();
  readonly #most: number;

  constructor(most = 100_000) {
    this.#most = most;
  }

  highest(key: string): Promise<number> {
    return Promise.resolve(this.#highest.get(key) ?? 0);
  }

  note(key: string, seq: number): Promise<void> {
    const highest = Math.max(seq, this.#highest.get(key) ?? 0);
    // Put at the end again: the first of a Map is what was used longest ago.
    this.#highest.delete(key);
    this.#highest.set(key, highest);
    const [oldest] = this.#highest.keys();
    if (this.#highest.size > this.#most && oldest !== undefined) this.#highest.delete(oldest);
    return Promise.resolve();
  }
}
