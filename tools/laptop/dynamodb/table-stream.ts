import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { Item } from './dynamodb-engine.ts';
import { matches } from '../events/event-pattern.ts';
import { isRecord } from '../fields.ts';
import { Journal, type Entry } from './journal.ts';
import { region } from '../cloudformation/template.ts';

/** A record as Lambda hands it to a function. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
  readonly eventSourceARN: string;
}

export interface StreamSource {
  readonly table: string;
  readonly arn: string;
  readonly viewType: string;
  readonly partitionKey: string;
  readonly directory?: string;
  readonly now?: () => number;
}

/** One event source mapping's place in the stream. */
export interface StreamSubscription {
  /** Stays the same over restarts, as its progress is kept under it. */
  readonly id: string;
  /** Patterns of which one must match; with none, all do. */
  readonly patterns: readonly unknown[];
  /** A key's records all go to one lane, in order. */
  readonly lanes: number;
  readonly deliver: (lane: number, record: StreamRecord) => void;
}

interface Intent {
  readonly keys: Item;
  readonly oldImage: Item | undefined;
}

interface Kept {
  readonly record: StreamRecord;
  readonly waitingFor: Set<string>;
}

/** AWS's sequence numbers are this long; a fixed length makes them comparable as texts. */
const firstSequenceNumber = 100_000_000_000_000_000_000n;

/**
 * A table's stream, fed from its writes. With a directory, a journal has each write before it is made: after a crash,
 * the next process compares the row with the old one and makes the missing record.
 */
export class TableStream {
  readonly #source: StreamSource;
  readonly #subscriptions: StreamSubscription[] = [];
  readonly #keyPatterns: unknown[] = [];
  readonly #intents = new Map<number, Intent>();
  /** In order of sequence. A record is dropped when no consumer waits for it. */
  readonly #kept = new Map<string, Kept>();
  #lastIntent = 0;
  #lastSequence = 0;
  #journal: Journal | undefined;

  constructor(source: StreamSource) {
    this.#source = source;
  }

  get arn(): string {
    return this.#source.arn;
  }

  /** To be called by all who want records before `start`. */
  subscribe(subscription: StreamSubscription): void {
    this.#subscriptions.push(subscription);
    this.#keyPatterns.push(...(subscription.patterns.length === 0 ? [{}] : subscription.patterns.map(onKeysOnly)));
  }

  /** Continues after an earlier process: finishes its writes and delivers its records. */
  async start(read: (keys: Item) => Promise<Item | undefined>): Promise<void> {
    if (this.#source.directory === undefined) return;
    this.#journal = await Journal.open({
      path: join(this.#source.directory, `stream-${this.#source.table}.ndjson`),
      restore: (entries) => {
        this.#restore(entries);
      },
      snapshot: () => this.#snapshot(),
    });
    for (const { record, waitingFor } of this.#kept.values()) this.#handOut(record, waitingFor);
    for (const [id, { keys }] of [...this.#intents]) this.finish(id, await read(keys));
  }

  /** False when no subscription's filter can match a row of these keys: its changes need no record. */
  concerns(keys: Item): boolean {
    return this.#keyPatterns.some((pattern) => isEmpty(pattern) || matches(pattern, { dynamodb: { Keys: keys } }));
  }

  /** Announces a write. Resolves with the intent's number when the journal has it. */
  async intend(keys: Item, oldImage: Item | undefined): Promise<number> {
    const id = (this.#lastIntent += 1);
    this.#intents.set(id, { keys, oldImage });
    await this.#journal?.append(intentEntry(id, { keys, oldImage }));
    return id;
  }

  /** Makes the record of an intended write from the present row. No change makes no record. */
  finish(id: number, newImage: Item | undefined): void {
    const intent = this.#intents.get(id);
    if (!intent) return;
    this.#intents.delete(id);
    const record = this.#recordOf(intent, newImage);
    const waitingFor = new Set(
      record
        ? this.#subscriptions.filter(({ patterns }) => jobs(patterns, record)).map((subscription) => subscription.id)
        : [],
    );
    if (!record || waitingFor.size === 0) {
      void this.#journal?.append({ dropped: id });
      return;
    }
    this.#kept.set(record.dynamodb.SequenceNumber, { record, waitingFor });
    // Not awaited: until it is written the intent remains, and a restart makes the record again.
    void this.#journal?.append({ record, intent: id, waitingFor: [...waitingFor] });
    this.#handOut(record, waitingFor);
  }

  /** The subscription is done with these records, for good. */
  acknowledge(subscriptionId: string, records: readonly StreamRecord[]): void {
    const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    for (const number of numbers) this.#settle(number, subscriptionId);
    void this.#journal?.append({ acknowledged: numbers, by: subscriptionId });
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  #handOut(record: StreamRecord, waitingFor: ReadonlySet<string>): void {
    for (const { id, lanes, deliver } of this.#subscriptions) {
      if (waitingFor.has(id))
        deliver(laneOf(JSON.stringify(record.dynamodb.Keys[this.#source.partitionKey]), lanes), record);
    }
  }

  #settle(number: string, subscriptionId: string): void {
    const kept = this.#kept.get(number);
    kept?.waitingFor.delete(subscriptionId);
    if (kept?.waitingFor.size === 0) this.#kept.delete(number);
  }

  #recordOf({ keys, oldImage }: Intent, newImage: Item | undefined): StreamRecord | undefined {
    if ((!oldImage && !newImage) || isDeepStrictEqual(oldImage, newImage)) return undefined;
    const { arn, viewType, now = Date.now } = this.#source;
    this.#lastSequence += 1;
    const sequenceNumber = String(firstSequenceNumber + BigInt(this.#lastSequence));
    return {
      eventID: `${this.#source.table}-${sequenceNumber}`,
      eventName: !oldImage ? 'INSERT' : newImage ? 'MODIFY' : 'REMOVE',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: region,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(now() / 1000),
        Keys: keys,
        ...(newImage && viewType.includes('NEW') && { NewImage: newImage }),
        ...(oldImage && viewType.includes('OLD') && { OldImage: oldImage }),
        SequenceNumber: sequenceNumber,
        SizeBytes: JSON.stringify([keys, newImage, oldImage]).length,
        StreamViewType: viewType,
      },
      eventSourceARN: arn,
    };
  }

  #restore(entries: readonly Entry[]): void {
    const known = new Set(this.#subscriptions.map(({ id }) => id));
    // The shapes are those that this class appends.
    for (const entry of entries as readonly JournalEntry[]) {
      if ('intend' in entry) {
        this.#intents.set(entry.intend, { keys: entry.keys, oldImage: entry.oldImage });
        this.#lastIntent = Math.max(this.#lastIntent, entry.intend);
      } else if ('record' in entry) {
        this.#intents.delete(entry.intent);
        const waitingFor = new Set(entry.waitingFor.filter((id) => known.has(id)));
        if (waitingFor.size > 0)
          this.#kept.set(entry.record.dynamodb.SequenceNumber, { record: entry.record, waitingFor });
        this.#lastSequence = Math.max(
          this.#lastSequence,
          Number(BigInt(entry.record.dynamodb.SequenceNumber) - firstSequenceNumber),
        );
      } else if ('acknowledged' in entry) {
        for (const number of entry.acknowledged) this.#settle(number, entry.by);
      } else if ('dropped' in entry) {
        this.#intents.delete(entry.dropped);
      } else {
        this.#lastSequence = Math.max(this.#lastSequence, entry.lastSequence);
      }
    }
  }

  *#snapshot(): Iterable<Entry> {
    yield { lastSequence: this.#lastSequence };
    for (const [id, intent] of this.#intents) yield intentEntry(id, intent);
    for (const { record, waitingFor } of this.#kept.values()) yield { record, intent: 0, waitingFor: [...waitingFor] };
  }
}

type JournalEntry =
  | { readonly intend: number; readonly keys: Item; readonly oldImage?: Item }
  | { readonly record: StreamRecord; readonly intent: number; readonly waitingFor: readonly string[] }
  | { readonly acknowledged: readonly string[]; readonly by: string }
  | { readonly dropped: number }
  | { readonly lastSequence: number };

function intentEntry(id: number, { keys, oldImage }: Intent): Entry {
  return { intend: id, keys, ...(oldImage && { oldImage }) };
}

function jobs(patterns: readonly unknown[], record: StreamRecord): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matches(pattern, record));
}

/** The conditions of a filter on key attributes. A filter with `$or` has none, since another alternative may match. */
function onKeysOnly(pattern: unknown): unknown {
  const dynamodb = isRecord(pattern) && !('$or' in pattern) ? pattern['dynamodb'] : undefined;
  const keys = isRecord(dynamodb) && !('$or' in dynamodb) ? dynamodb['Keys'] : undefined;
  return isRecord(keys) ? { dynamodb: { Keys: keys } } : {};
}

function isEmpty(pattern: unknown): boolean {
  return isRecord(pattern) && Object.keys(pattern).length === 0;
}

function laneOf(key: string, lanes: number): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
  return Math.abs(hash) % lanes;
}
