import type { MemoryClock } from '../../test/fakes/memory-messages.ts';

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly work: () => Promise<void>;
}

/** Simulated time: the clock jumps from one planned instant to the next. */
export class Timeline {
  readonly #clock: MemoryClock;
  /** A binary heap, earliest first. */
  readonly #heap: Planned[] = [];
  #planned = 0;

  constructor(clock: MemoryClock) {
    this.#clock = clock;
  }

  at(instant: number, work: () => Promise<void>): void {
    const { length } = this.#heap;
    this.#heap.push({ at: Math.max(instant, this.#clock.time), order: (this.#planned += 1), work });
    for (
      let child = length, parent = (child - 1) >> 1;
      child > 0 && this.#isBefore(child, parent);
      child = parent, parent = (child - 1) >> 1
    )
      this.#swap(child, parent);
  }

  /** Plays until an instant. Later entries stay planned. */
  async playUntil(end: number): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#take();
      this.#clock.time = Math.max(this.#clock.time, next.at);
      await next.work();
    }
    this.#clock.time = Math.max(this.#clock.time, end);
  }

  async play(end: number): Promise<void> {
    await this.playUntil(end);
  }

  #take(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      const least = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(least, parent)) return;
      this.#swap(least, parent);
      parent = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return false;
    return one.at === other.at ? one.order < other.order : one.at < other.at;
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return;
    this.#heap[a] = other;
    this.#heap[b] = one;
  }
}
