import { join } from 'node:path';
import { matches } from './event-pattern.ts';
import { Journal, type Entry } from './journal.ts';
import type { Resource } from './template.ts';

/** An event as EventBridge hands it on. */
export interface Envelope {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601; EventBridge knows no fractions of a second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
  /** Of a replayed event alone. */
  readonly 'replay-name'?: string;
}

/** What an archive of the bus keeps, for replays. */
export class EventArchive {
  readonly name: string;
  readonly arn: string;
  readonly busArn: string;
  readonly pattern: unknown;
  readonly retentionDays: number;
  readonly #now: () => number;
  #events: Envelope[] = [];
  #journal: Journal | undefined;

  private constructor({ name, arn, properties }: Resource, now: () => number) {
    this.name = name;
    this.arn = arn;
    this.busArn = properties.text('SourceArn');
    this.pattern = properties.record['EventPattern'];
    this.retentionDays = properties.optionalInteger('RetentionDays') ?? 0;
    this.#now = now;
  }

  static async open(resource: Resource, options: { readonly directory?: string; readonly now: () => number }): Promise<EventArchive> {
    const archive = new EventArchive(resource, options.now);
    if (options.directory !== undefined) {
      archive.#journal = await Journal.open({
        path: join(options.directory, `archive-${archive.name}.ndjson`),
        restore: (entries) => {
          archive.#restore(entries);
        },
        snapshot: () => archive.#events as unknown as Iterable<Entry>,
      });
    }
    return archive;
  }

  async keep(event: Envelope): Promise<void> {
    if (this.pattern !== undefined && !matches(this.pattern, event)) return;
    this.#events.push(event);
    await this.#journal?.append({ ...event });
  }

  /** Archived events with a time of at least `from` and before `to`, both epoch milliseconds. */
  between(from: number, to: number): readonly Envelope[] {
    return this.#events.filter(({ time }) => Date.parse(time) >= from && Date.parse(time) < to);
  }

  get size(): number {
    return this.#events.length;
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  #restore(entries: readonly Entry[]): void {
    const oldest = this.retentionDays === 0 ? 0 : this.#now() - this.retentionDays * 86_400_000;
    this.#events = (entries as unknown as readonly Envelope[]).filter(({ time }) => Date.parse(time) >= oldest);
  }
}
