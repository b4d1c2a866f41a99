import type { PublishTraces } from '../../shared/trace/ports.ts';
import type { FrontTrace, Rejection, TraceUpdate, PublishTrace } from '../../shared/trace/publish-trace.ts';

/** Publish traces in memory. */
export class MemoryPublishTraces implements PublishTraces {
  readonly #trails = new Map<string, PublishTrace>();
  readonly #refusals = new Map<string, Rejection>();
  readonly #fronts = new Map<string, FrontTrace>();

  note(articleId: string, seq: number, update: TraceUpdate): Promise<PublishTrace> {
    const key = `${articleId}#${seq}`;
    const publishTrace = { articleId, seq, ...update, ...this.#trails.get(key) };
    this.#trails.set(key, publishTrace);
    return Promise.resolve(publishTrace);
  }

  noteRejection(rejection: Rejection): Promise<void> {
    this.#refusals.set(`${rejection.refusedAt}#${rejection.eventId}`, rejection);
    return Promise.resolve();
  }

  noteFront(front: FrontTrace): Promise<void> {
    if ((this.#fronts.get(front.name)?.seq ?? 0) < front.seq) this.#fronts.set(front.name, front);
    return Promise.resolve();
  }

  fronts(): Promise<readonly FrontTrace[]> {
    return Promise.resolve([...this.#fronts.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  latest(limit: number, since = 0): Promise<readonly PublishTrace[]> {
    const newest = this.#newest().filter(({ seq }) => seq >= since);
    return Promise.resolve(newest.slice(0, limit));
  }

  of(articleId: string): Promise<readonly PublishTrace[]> {
    return Promise.resolve(this.#newest().filter((publishTrace) => publishTrace.articleId === articleId));
  }

  rejections(limit: number): Promise<readonly Rejection[]> {
    return Promise.resolve([...this.#refusals.values()].sort((a, b) => b.refusedAt - a.refusedAt).slice(0, limit));
  }

  #newest(): PublishTrace[] {
    return [...this.#trails.values()].sort((a, b) => b.seq - a.seq);
  }
}
