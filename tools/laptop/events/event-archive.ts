import { join } from 'node:path';
import { matches } from './event-pattern.ts';
import { Journal, type Entry } from '../dynamodb/journal.ts';
import type { Resource } from '../cloudformation/template.ts';

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

interface Kept {
  readonly at: number;
  readonly json: Buffer;
}

/** An archive of a bus, for replays. */
export class EventArchive {
  readonly name: string;
  readonly arn: string;
  readonly busArn: string;
  readonly pattern: unknown;
  readonly retentionDays: number;
  readonly #now: () => number;
  /** As JSON: a newsroom's year is long, and only a replay reads it. */
  #events: Kept[] = [];
  #journal: Journal | undefined;

  private constructor({ name, arn, properties }: Resource, now: () => number) {
    this.name = name;
    this.arn = arn;
    this.busArn = properties.text('SourceArn');
    this.pattern = properties.record['EventPattern'];
    this.retentionDays = properties.optionalInteger('RetentionDays') ?? 0;
    this.#now = now;
  }

  static async open(
    resource: Resource,
    options: { readonly directory?: string; readonly now: () => number },
  ): Promise<EventArchive> {
    const archive = new EventArchive(resource, options.now);
    if (options.directory !== undefined) {
      archive.#journal = await Journal.open({
        path: join(options.directory, `archive-${archive.name}.ndjson`),
        restore: (entries) => {
          archive.#restore(entries);
        },
        snapshot: () => archive.#entries(),
      });
    }
    return archive;
  }

  async keep(event: Envelope): Promise<void> {
    if (this.pattern !== undefined && !matches(this.pattern, event)) return;
    this.#events.push(keptOf(event));
    await this.#journal?.append({ ...event });
  }

  /** Archived events with a time of at least `from` and before `to`, both epoch milliseconds. */
  between(from: number, to: number): readonly Envelope[] {
    return this.#events.flatMap((kept) => (kept.at >= from && kept.at < to ? [eventIn(kept)] : []));
  }

  get size(): number {
    return this.#events.length;
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  #restore(entries: readonly Entry[]): void {
    const oldest = this.retentionDays === 0 ? 0 : this.#now() - this.retentionDays * 86_400_000;
    this.#events = (entries as unknown as readonly Envelope[]).map(keptOf).filter(({ at }) => at >= oldest);
  }

  *#entries(): Generator<Entry> {
    for (const kept of this.#events) yield { ...eventIn(kept) };
  }
}

function keptOf(event: Envelope): Kept {
  const text = JSON.stringify(event);
  // From its own allocation: a slice of Node's pool would keep the whole pool in memory.
  const json = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  json.write(text);
  return { at: Date.parse(event.time), json };
}

function eventIn({ json }: Kept): Envelope {
  return JSON.parse(json.toString()) as Envelope;
}
