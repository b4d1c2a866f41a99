import type { StackEvents } from '../laptop/observations.ts';
import { sumOf } from './sum.ts';

/** The work of one part of the pipeline in AWS's billing units. Milliseconds are this machine's. */
export interface Work {
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Of AWS's APIs, to DynamoDB and all others. */
  readonly calls: number;
  readonly invocations: number;
  readonly milliseconds: number;
}

export interface MeterReading extends Work {
  /** By function (`store`, `project` …). Other callers by access key. */
  readonly by: ReadonlyMap<string, Work>;
  /**
   * Write units by kind of partition: `article`, `path`, `feed`; by prefix for later work (`trail` of publish traces,
   * `changes`).
   */
  readonly written: ReadonlyMap<string, number>;
  /** Put on the bus, by detail-type. */
  readonly events: ReadonlyMap<string, number>;
  readonly messages: ByStep;
  /** By queue. */
  readonly queues: ReadonlyMap<string, ByStep>;
  readonly invalidations: number;
  readonly purgePaths: number;
}

/** Messages. A call to SQS carries one message, or up to ten where the function sends batches. */
export interface ByStep {
  readonly sent: number;
  readonly received: number;
  readonly deleted: number;
}

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

const noWork: Work = { readUnits: 0, writeUnits: 0, calls: 0, invocations: 0, milliseconds: 0 };
const noMessages: ByStep = { sent: 0, received: 0, deleted: 0 };

/** Counts the work of a metered stack from its observations. */
export class Meter {
  #by = new Map<string, Writable<Work>>();
  #written = new Map<string, number>();
  #events = new Map<string, number>();
  #queues = new Map<string, Writable<ByStep>>();
  #invalidations = 0;
  #purgePaths = 0;
  readonly #stop: () => void;

  constructor(events: StackEvents) {
    this.#stop = events.on((observation) => {
      switch (observation.kind) {
        case 'call': {
          const work = this.#work(observation.caller);
          work.calls += 1;
          work.readUnits += observation.capacity?.readUnits ?? 0;
          work.writeUnits += observation.capacity?.writeUnits ?? 0;
          if (observation.partition !== undefined) {
            const kind = kindOf(observation.partition);
            this.#written.set(kind, (this.#written.get(kind) ?? 0) + (observation.capacity?.writeUnits ?? 0));
          }
          return;
        }
        case 'invocation': {
          const work = this.#work(observation.functionName);
          work.invocations += 1;
          work.milliseconds += observation.milliseconds;
          return;
        }
        case 'message': {
          const queue = shortName(observation.queue);
          const steps = this.#queues.get(queue) ?? { ...noMessages };
          this.#queues.set(queue, steps);
          steps[observation.step] += 1;
          return;
        }
        case 'bus-event': {
          const { 'detail-type': type, source, detail } = observation.event;
          this.#events.set(type, (this.#events.get(type) ?? 0) + 1);
          if (source !== 'pressrun' || type !== 'cdn.purged') return;
          this.#invalidations += 1;
          this.#purgePaths += (detail as { readonly tags: readonly string[] }).tags.length;
          return;
        }
        case 'table-write':
          return;
      }
    });
  }

  /** Everything since the start, or since the last `reset`. */
  reading(): MeterReading {
    const total = [...this.#by.values()].reduce<Work>(sumOf, noWork);
    const messages = [...this.#queues.values()].reduce<ByStep>(
      (sum, { sent, received, deleted }) => ({
        sent: sum.sent + sent,
        received: sum.received + received,
        deleted: sum.deleted + deleted,
      }),
      noMessages,
    );
    const copy = <T extends object>(map: ReadonlyMap<string, T>): Map<string, T> =>
      new Map([...map].map(([name, value]) => [name, { ...value }]));
    return {
      ...total,
      by: copy(this.#by),
      written: new Map(this.#written),
      events: new Map(this.#events),
      messages,
      queues: copy(this.#queues),
      invalidations: this.#invalidations,
      purgePaths: this.#purgePaths,
    };
  }

  reset(): void {
    this.#by = new Map();
    this.#written = new Map();
    this.#events = new Map();
    this.#queues = new Map();
    this.#invalidations = 0;
    this.#purgePaths = 0;
  }

  close(): void {
    this.#stop();
  }

  #work(caller: string): Writable<Work> {
    const name = shortName(caller);
    const work = this.#by.get(name) ?? { ...noWork };
    this.#by.set(name, work);
    return work;
  }
}

function kindOf(partition: string): string {
  if (/^[a-z2-7]{16}$/.test(partition)) return 'article';
  return /^([a-z]+)#/.exec(partition)?.[1] ?? 'feed';
}

/** `pressrun-local-store` is `store`. */
function shortName(name: string): string {
  return name.replace(/^pressrun-[^-]+-/, '');
}
