import type { BusEvent, Observation, StackEvents } from '../laptop/observations.ts';

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
interface ArticleObservations {
  readonly announcements: CoveredChange[];
  readonly purges: CoveredChange[];
  /** When each version's row was first written, by sort key. */
  readonly versions: Map<string, number>;
}

/** Watches a stack, so that publishes can be followed stage by stage. Instants are epoch milliseconds. */
export class ObservedPublishes {
  readonly #deadline: number;
  readonly #allowedMilliseconds: number;
  readonly #arrivals = new Map<string, number>();
  /** The reasons of rejections, by event id. */
  readonly #rejections = new Map<string, string>();
  readonly #byArticle = new Map<string, ArticleObservations>();
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

  /** Rejects every promise that waits for an observation. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
    for (const { end } of [...this.#waiting]) end();
  }

  /** Begins to follow an event that is about to be put on the bus. `title` names it in errors. */
  begin(articleId: string, title: string): ObservedPublish {
    return new ObservedPublish(this, articleId, title);
  }

  arrivedAt(eventId: string): number | undefined {
    return this.#arrivals.get(eventId);
  }

  rejectionOf(eventId: string): string | undefined {
    return this.#rejections.get(eventId);
  }

  of(articleId: string): ArticleObservations {
    let found = this.#byArticle.get(articleId);
    if (!found) this.#byArticle.set(articleId, (found = { announcements: [], purges: [], versions: new Map() }));
    return found;
  }

  /** @throws {Error} if no time is left, or after `close`. */
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

/** The way of one event. Each method waits for one stage; they are called in the order of the stages. */
export class ObservedPublish {
  readonly articleId: string;
  readonly title: string;
  readonly #publishes: ObservedPublishes;
  readonly #versionsBefore: number;
  #eventId = '';

  constructor(publishes: ObservedPublishes, articleId: string, title: string) {
    this.#publishes = publishes;
    this.articleId = articleId;
    this.title = title;
    this.#versionsBefore = publishes.of(articleId).versions.size;
  }

  /** Returns when the bus had the event. */
  received(eventId: string): Promise<number> {
    this.#eventId = eventId;
    return this.#until('received', () => this.#publishes.arrivedAt(eventId));
  }

  /** Returns when a new version was written. */
  stored(): Promise<number> {
    return this.#until('stored', () => [...this.#publishes.of(this.articleId).versions.values()][this.#versionsBefore]);
  }

  /** Returns the first announced change of the article above a seq. The feeds are written before the announcement. */
  announced(aboveSeq: number): Promise<CoveredChange> {
    return this.#until('feeds', () =>
      this.#publishes.of(this.articleId).announcements.find(({ seq }) => seq > aboveSeq),
    );
  }

  /** Returns when the CDN took a purge that covers a change. */
  async purged(seq: number): Promise<number> {
    const { at } = await this.#until('purged', () =>
      this.#publishes.of(this.articleId).purges.find((purge) => purge.seq >= seq),
    );
    return at;
  }

  /** @throws {Error} with the stage, if no time is left. */
  millisecondsLeft(stage: PublishStep): number {
    return this.#publishes.millisecondsLeft(() => this.#publishes.lateError(this.title, stage));
  }

  #until<Found>(stage: PublishStep, find: () => Found | undefined): Promise<Found> {
    return this.#publishes.until(
      () => {
        const rejection = this.#publishes.rejectionOf(this.#eventId);
        if (rejection !== undefined) throw new Error(`sample edition: “${this.title}” was rejected: ${rejection}`);
        return find();
      },
      () => this.#publishes.lateError(this.title, stage),
    );
  }
}
