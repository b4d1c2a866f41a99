import type { Trails } from '../../shared/ports.ts';
import type { Refusal, Sighting, Trail } from '../../shared/trail.ts';

/** Trails in memory. */
export class MemoryTrails implements Trails {
  readonly #trails = new Map<string, Trail>();
  readonly #refusals = new Map<string, Refusal>();

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
