import { positionOf, type ChangePage, type ListedChange, type ListedRow } from '../../shared/feed/listed-change.ts';
import type { Changes } from '../../shared/feed/ports.ts';
import type { Clock } from '../../shared/clock.ts';

/** The list of changes in memory. */
export class MemoryChanges implements Changes {
  readonly rows = new Map<string, ListedRow>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  list(change: ListedChange): Promise<void> {
    const position = positionOf(this.#clock.now(), change);
    this.rows.set(position, structuredClone({ position, change }));
    return Promise.resolve();
  }

  page(after: string, _until: number, limit: number): Promise<ChangePage> {
    const rows = [...this.rows.values()]
      .filter(({ position }) => position > after)
      .sort((a, b) => (a.position < b.position ? -1 : 1));
    return Promise.resolve({ rows: rows.slice(0, limit), more: rows.length > limit });
  }
}
