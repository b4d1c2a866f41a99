import type { Trails } from '../../shared/ports.ts';
import type { FrontTrail, Refusal, Sighting, Trail } from '../../shared/trace/trail.ts';

/** Trails in memory. */
export class MemoryTrails implements Trails {
  readonly #trails = new Map<string, Trail>();
  readonly #refusals = new Map<string, Refusal>();
  readonly #fronts = new Map<string, FrontTrail>();

  note(articleId: string, seq: number, sighting: Sighting): Promise<Trail> {
    const key = `${articleId}#${seq}`;
    const trail = { articleId, seq, ...sighting, ...this.#trails.get(key) };
    this.#trails.set(key, trail);
    return Promise.resolve(trail);
  }

  noteRefusal(refusal: Refusal): Promise<void> {
    this.#refusals.set(`${refusal.refusedAt}#${refusal.eventId}`, refusal);
    return Promise.resolve();
  }

  noteFront(front: FrontTrail): Promise<void> {
    if ((this.#fronts.get(front.name)?.seq ?? 0) < front.seq) this.#fronts.set(front.name, front);
    return Promise.resolve();
  }

  fronts(): Promise<readonly FrontTrail[]> {
    return Promise.resolve([...this.#fronts.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  latest(limit: number): Promise<readonly Trail[]> {
    return Promise.resolve(this.#newest().slice(0, limit));
  }

  of(articleId: string): Promise<readonly Trail[]> {
    return Promise.resolve(this.#newest().filter((trail) => trail.articleId === articleId));
  }

  refusals(limit: number): Promise<readonly Refusal[]> {
    return Promise.resolve([...this.#refusals.values()].sort((a, b) => b.refusedAt - a.refusedAt).slice(0, limit));
  }

  #newest(): Trail[] {
    return [...this.#trails.values()].sort((a, b) => b.seq - a.seq);
  }
}
