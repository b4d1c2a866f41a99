import type { Seen } from './consume.ts';

/** Keeps the most recently used keys in memory, for as long as the process lives. */
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
    // Moves the key to the end: the first key of a Map is the least recently used.
    this.#highest.delete(key);
    this.#highest.set(key, highest);
    const [oldest] = this.#highest.keys();
    if (this.#highest.size > this.#most && oldest !== undefined) this.#highest.delete(oldest);
    return Promise.resolve();
  }
}
