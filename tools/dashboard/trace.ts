import type { Capacity } from '../laptop/dynamodb/capacity.ts';
import type { AwsService } from '../laptop/faults.ts';

/** An event as the local bus delivers it. `time` is ISO 8601 with whole seconds, as in EventBridge. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
  readonly time: string;
}

/** Something that the local stack saw happen, with the epoch milliseconds at which it saw it. */
export type Observation =
  | { readonly kind: 'bus-event'; readonly event: BusEvent; readonly at: number }
  | {
      readonly kind: 'table-write';
      readonly table: string;
      readonly key: Readonly<Record<string, unknown>>;
      readonly at: number;
    }
  | {
      readonly kind: 'invocation';
      readonly functionName: string;
      readonly ok: boolean;
      readonly milliseconds: number;
      readonly at: number;
    }
  /** Of a stack that is metered: one call over AWS's wire protocols, and the capacity that DynamoDB would bill for it. */
  | {
      readonly kind: 'call';
      readonly caller: string;
      readonly service: AwsService;
      readonly operation: string;
      readonly capacity?: Capacity;
      readonly partition?: string;
      readonly at: number;
    }
  /** `received` by a function's event source or over the wire. */
  | {
      readonly kind: 'message';
      readonly queue: string;
      readonly step: 'sent' | 'received' | 'deleted';
      readonly at: number;
    };

/**
 * Observations of the running stack. The trace is drawn from the stack's side, so that functions need no code for it
 * that production does not have. Keys of a `table-write` are plain values (`{ articleId: '…', sk: 'v#…' }`), not
 * DynamoDB's typed attributes.
 */
export interface StackEvents {
  /** Listens until the returned function is called. */
  on(listener: (observation: Observation) => void): () => void;
}

/** The stages of a publish on its way to the reader. */
export const publishSteps = ['received', 'stored', 'feeds', 'purged', 'fresh'] as const;
export type PublishStep = (typeof publishSteps)[number];

const missing: Readonly<Record<PublishStep, string>> = {
  received: 'did not arrive on the bus',
  stored: 'was not stored',
  feeds: 'did not reach its feeds',
  purged: 'was not purged',
  fresh: 'was not fresh at the edge',
};

/** A change that Pressrun announced, or a purge that covers it. */
interface CoveredChange {
  readonly seq: number;
  readonly at: number;
}

/** Observations of one article in order. */
interface Sightings {
  readonly announcements: CoveredChange[];
  readonly purges: CoveredChange[];
  /** When each version's row was first written, by sort key. */
  readonly versions: Map<string, number>;
}

/** Watches a stack, so that publishes can be followed stage by stage. Instants are epoch milliseconds. */
export class PublishTraces {
  readonly #deadline: number;
  readonly #allowedMilliseconds: number;
  readonly #arrivals = new Map<string, number>();
  /** Why an event was rejected, by its id. */
  readonly #rejections = new Map<string, string>();
  readonly #sightings = new Map<string, Sightings>();
  readonly #waiting = new Set<{ check: () => void; end: () => void }>();
  readonly #stop: () => void;
  #isClosed = false;

  constructor(events: StackEvents, allowedMilliseconds: number) {
    this.#deadline = Date.now() + allowedMilliseconds;
    this.#allowedMilliseconds = allowedMilliseconds;
    this.#stop = events.on((observation) => {
      this.#note(observation);
      for (const { check } of [...this.#waiting]) check();
    });
  }

  /** Rejects everyone who waits. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
    for (const { end } of [...this.#waiting]) end();
  }

  /** Begins to follow an event that is about to be put on the bus. `title` names it in errors. */
  begin(articleId: string, title: string): PublishTrace {
    return new PublishTrace(this, articleId, title);
  }

  arrivedAt(eventId: string): number | undefined {
    return this.#arrivals.get(eventId);
  }

  rejectionOf(eventId: string): string | undefined {
    return this.#rejections.get(eventId);
  }

  of(articleId: string): Sightings {
    let found = this.#sightings.get(articleId);
    if (!found) this.#sightings.set(articleId, (found = { announcements: [], purges: [], versions: new Map() }));
    return found;
  }

  /** @throws {Error} Time is up, or waiting was ended. */
  millisecondsLeft(late: () => Error): number {
    const left = this.#deadline - Date.now();
    if (this.#isClosed || left <= 0) throw late();
    return left;
  }

  lateError(title: string, stage: PublishStep): Error {
    return new Error(`sample edition: “${title}” ${missing[stage]} within ${this.#allowedMilliseconds / 1000} s`);
  }

  /**
   * Resolves with the result of `find`, now or after a later observation. Rejects with its error, or when time is up.
   */
  until<Found>(find: () => Found | undefined, late: () => Error): Promise<Found> {
    const { promise, resolve, reject } = Promise.withResolvers<Found>();
    const waiter = {
      check: (): void => {
        try {
          const found = find();
          if (found === undefined) return;
          waiter.end();
          resolve(found);
        } catch (error) {
          waiter.end();
          reject(error);
        }
      },
      end: (): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiter);
      },
    };
    const timer = setTimeout(() => {
      waiter.end();
      reject(late());
    }, this.#deadline - Date.now());
    this.#waiting.add(waiter);
    waiter.check();
    return promise;
  }

  #note(observation: Observation): void {
    if (observation.kind === 'table-write') this.#noteWrite(observation.key, observation.at);
    if (observation.kind === 'bus-event') this.#noteEvent(observation.event, observation.at);
  }

  #noteWrite({ articleId, sk }: Readonly<Record<string, unknown>>, at: number): void {
    if (typeof articleId !== 'string' || typeof sk !== 'string' || !sk.startsWith('v#')) return;
    const { versions } = this.of(articleId);
    if (!versions.has(sk)) versions.set(sk, at);
  }

  #noteEvent(event: BusEvent, at: number): void {
    if (event.source !== 'pressrun') {
      this.#arrivals.set(event.id, at);
      return;
    }
    const detail = event.detail as AnnouncedDetail;
    switch (event['detail-type']) {
      case 'article.live':
      case 'article.revised':
      case 'article.withdrawn':
        if (detail.articleId !== undefined && detail.seq !== undefined)
          this.of(detail.articleId).announcements.push({ seq: detail.seq, at });
        break;
      case 'cdn.purged':
        for (const { articleId, seq } of detail.articles ?? []) this.of(articleId).purges.push({ seq, at });
        break;
      case 'article.rejected': {
        const reasons = (detail.errors ?? []).map(({ path, message }) => `${path} ${message}`);
        if (detail.eventId !== undefined) this.#rejections.set(detail.eventId, reasons.join('; '));
        break;
      }
    }
  }
}

/** The fields of an announcement that are read here. */
interface AnnouncedDetail {
  readonly articleId?: string;
  readonly seq?: number;
  readonly articles?: readonly { readonly articleId: string; readonly seq: number }[];
  readonly eventId?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** One event's way. Each method waits for a stage, in their order. */
export class PublishTrace {
  readonly articleId: string;
  readonly title: string;
  readonly #trails: PublishTraces;
  readonly #versionsBefore: number;
  #eventId = '';

  constructor(publishTraces: PublishTraces, articleId: string, title: string) {
    this.#trails = publishTraces;
    this.articleId = articleId;
    this.title = title;
    this.#versionsBefore = publishTraces.of(articleId).versions.size;
  }

  /** When the bus had it. */
  received(eventId: string): Promise<number> {
    this.#eventId = eventId;
    return this.#until('received', () => this.#trails.arrivedAt(eventId));
  }

  /** When a version was written that was not there before. */
  stored(): Promise<number> {
    return this.#until('stored', () => [...this.#trails.of(this.articleId).versions.values()][this.#versionsBefore]);
  }

  /** The first change of the article above a seq that was announced, feeds being written before. */
  announced(aboveSeq: number): Promise<CoveredChange> {
    return this.#until('feeds', () => this.#trails.of(this.articleId).announcements.find(({ seq }) => seq > aboveSeq));
  }

  /** When the CDN took a purge that covers a change. */
  async purged(seq: number): Promise<number> {
    const { at } = await this.#until('purged', () =>
      this.#trails.of(this.articleId).purges.find((purge) => purge.seq >= seq),
    );
    return at;
  }

  /** @throws {Error} naming the stage, when there is no time left. */
  millisecondsLeft(stage: PublishStep): number {
    return this.#trails.millisecondsLeft(() => this.#trails.lateError(this.title, stage));
  }

  #until<Found>(stage: PublishStep, find: () => Found | undefined): Promise<Found> {
    return this.#trails.until(
      () => {
        const rejection = this.#trails.rejectionOf(this.#eventId);
        if (rejection !== undefined) throw new Error(`sample edition: “${this.title}” was refused: ${rejection}`);
        return find();
      },
      () => this.#trails.lateError(this.title, stage),
    );
  }
}
