import type { Chance } from './chance.ts';
import type { Checks } from './checks/checks.ts';
import type { Edge } from './edge.ts';
import type { Scheduler } from './scheduler.ts';

interface Invalidation {
  readonly invalidationId: string;
  readonly takenAt: number;
}

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly edge: Edge;
  readonly checks: Checks;
  readonly note: (line: () => string) => void;
}

/** CloudFront's invalidations: it ignores a reference that it has seen, and takes seconds to reach every edge. */
export class SimulatedCdn {
  readonly #surroundings: Surroundings;
  readonly #chance: Chance;
  readonly #forgotten: (urls: readonly string[]) => void;
  readonly #taken = new Map<string, Invalidation>();

  constructor(surroundings: Surroundings, chance: Chance, forgotten: (urls: readonly string[]) => void) {
    this.#surroundings = surroundings;
    this.#chance = chance;
    this.#forgotten = forgotten;
  }

  async purge(reference: string, tags: readonly string[]): Promise<Invalidation> {
    const { scheduler, edge, checks, note } = this.#surroundings;
    const taken = this.#taken.get(reference) ?? { invalidationId: `I${reference}`, takenAt: scheduler.now };
    if (!this.#taken.has(reference)) {
      this.#taken.set(reference, taken);
      checks.purges.taken.set(taken.invalidationId, tags);
      scheduler.after(this.#chance.between(10, this.#chance.one([100, 4000])), () => {
        note(() => `the edge forgets ${tags.join(' ')}`);
        this.#forgotten(edge.purge(tags));
      });
    }
    return Promise.resolve(taken);
  }
}
