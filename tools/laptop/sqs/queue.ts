import { createHash, randomUUID } from 'node:crypto';
import type { Draw } from '../seeded.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64, as it goes over the wire. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** The parts of a message that outlive the process. Visibility does not, because its receiver ended too. */
export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sentAt: number;
  readonly delayedUntil: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** ARN of the queue that gave the message up. */
  readonly deadLetterSource?: string;
}

export interface ReceivedMessage extends StoredMessage {
  readonly receiptHandle: string;
}

export interface QueueSettings {
  readonly visibilitySeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly receiveWaitSeconds: number;
  /** Upper limit of the visibility timeout. */
  readonly againMilliseconds?: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
}

export interface Receive {
  readonly atMost: number;
  readonly waitMilliseconds: number;
  readonly visibilitySeconds?: number;
  readonly signal?: AbortSignal;
}

interface Held {
  stored: StoredMessage;
  state: 'arriving' | 'ready' | 'delayed' | 'in flight' | 'gone';
  /** When a delayed message or one in flight becomes ready. */
  readyAt: number;
  receipt: string | undefined;
}

/** Callbacks of the journal that keeps a queue's messages. */
export interface QueueWatcher {
  readonly received: (message: StoredMessage) => void;
  readonly gone: (id: string) => void;
  /** The message has been received too often; the watcher brings it to the dead-letter queue. */
  readonly deadLettered: (message: StoredMessage) => void;
}

/** Of how many messages one may overtake others, and by how many places. */
const overtakesEach = 4;
const overtakenAtMost = 9;

/** One SQS standard queue: visibility timeouts, delays, receive counts, retention and long polling. */
export class Queue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly createdAt: number;
  settings: QueueSettings;
  readonly #watcher: QueueWatcher;
  readonly #now: () => number;
  readonly #draw: Draw | undefined;
  readonly #messages = new Map<string, Held>();
  #ready: Held[] = [];
  #readyFrom = 0;
  /** By id, ascending by `readyAt`. Messages that have moved since are skipped. */
  #later: { readonly id: string; readonly at: number }[] = [];
  readonly #waiters = new Set<() => void>();
  #alarm: NodeJS.Timeout | undefined;

  constructor(
    identity: { readonly name: string; readonly url: string; readonly arn: string },
    settings: QueueSettings,
    watcher: QueueWatcher,
    now: () => number,
    /** Chooses messages that overtake others. Without it, they come in the order in which they were sent. */
    draw?: Draw,
  ) {
    this.name = identity.name;
    this.url = identity.url;
    this.arn = identity.arn;
    this.settings = settings;
    this.#watcher = watcher;
    this.#now = now;
    this.#draw = draw;
    this.createdAt = now();
  }

  /** Adds a message without showing it: no one may receive it before it is safe. */
  admit(stored: StoredMessage): void {
    this.#messages.set(stored.id, { stored, state: 'arriving', readyAt: stored.delayedUntil, receipt: undefined });
  }

  /** Makes an admitted message receivable, at once or when its delay is over. */
  release(id: string): void {
    const held = this.#messages.get(id);
    if (held?.state !== 'arriving') return;
    if (held.readyAt > this.#now()) this.#postpone(held, 'delayed', held.readyAt);
    else this.#makeReady(held);
  }

  async receive({ atMost, waitMilliseconds, visibilitySeconds, signal }: Receive): Promise<readonly ReceivedMessage[]> {
    const deadline = this.#now() + waitMilliseconds;
    for (;;) {
      const taken = this.#take(atMost, visibilitySeconds ?? this.settings.visibilitySeconds);
      const left = deadline - this.#now();
      if (taken.length > 0 || left <= 0 || signal?.aborted) return taken;
      await this.#arrival(left, signal);
    }
  }

  /** True if the handle named a message. In SQS, a delete without a match succeeds. */
  delete(receiptHandle: string): boolean {
    const held = this.#heldBy(receiptHandle);
    if (!held) return false;
    this.#remove(held);
    this.#watcher.gone(held.stored.id);
    return true;
  }

  /** Gives a message away to another queue; unlike a deleted one, it is not gone. */
  surrender(receiptHandle: string): StoredMessage | undefined {
    const held = this.#heldBy(receiptHandle);
    if (held) this.#remove(held);
    return held?.stored;
  }

  /** False when the message is not in flight under this handle. */
  changeVisibility(receiptHandle: string, seconds: number): boolean {
    const held = this.#heldBy(receiptHandle);
    if (!held) return false;
    this.#wakeDue();
    if (held.state !== 'in flight') return false;
    if (seconds === 0) this.#makeReady(held);
    else this.#postpone(held, 'in flight', this.#now() + this.#hiddenMilliseconds(seconds));
    return true;
  }

  purge(): void {
    for (const held of this.#messages.values()) {
      held.state = 'gone';
      this.#watcher.gone(held.stored.id);
    }
    this.#messages.clear();
    this.#ready = [];
    this.#readyFrom = 0;
    this.#later = [];
  }

  counts(): { readonly ready: number; readonly inFlight: number; readonly delayed: number } {
    this.#wakeDue();
    const counts = { ready: 0, inFlight: 0, delayed: 0 };
    for (const { state } of this.#messages.values()) {
      if (state === 'ready') counts.ready += 1;
      else if (state === 'in flight') counts.inFlight += 1;
      else if (state === 'delayed') counts.delayed += 1;
    }
    return counts;
  }

  stored(): readonly StoredMessage[] {
    return Array.from(this.#messages.values(), ({ stored }) => stored);
  }

  close(): void {
    clearTimeout(this.#alarm);
    this.#wakeWaiters();
  }

  #take(atMost: number, visibilitySeconds: number): readonly ReceivedMessage[] {
    this.#wakeDue();
    const now = this.#now();
    const { redrive, retentionSeconds } = this.settings;
    const taken: ReceivedMessage[] = [];
    while (taken.length < atMost) {
      const held = this.#nextReady();
      if (!held) break;
      if (held.stored.sentAt + retentionSeconds * 1000 < now) {
        this.#remove(held);
        this.#watcher.gone(held.stored.id);
      } else if (redrive && held.stored.receiveCount >= redrive.maxReceiveCount) {
        this.#remove(held);
        this.#watcher.deadLettered(held.stored);
      } else {
        held.receipt = randomUUID();
        held.stored = {
          ...held.stored,
          receiveCount: held.stored.receiveCount + 1,
          firstReceivedAt: held.stored.firstReceivedAt ?? now,
        };
        this.#postpone(held, 'in flight', now + this.#hiddenMilliseconds(visibilitySeconds));
        this.#watcher.received(held.stored);
        taken.push({ ...held.stored, receiptHandle: `${held.stored.id}${held.receipt}` });
      }
    }
    return taken;
  }

  #hiddenMilliseconds(seconds: number): number {
    return Math.min(seconds * 1000, this.settings.againMilliseconds ?? Infinity);
  }

  #heldBy(receiptHandle: string): Held | undefined {
    const idLength = 36;
    const held = this.#messages.get(receiptHandle.slice(0, idLength));
    return held?.receipt !== undefined && held.receipt === receiptHandle.slice(idLength) ? held : undefined;
  }

  #remove(held: Held): void {
    held.state = 'gone';
    this.#messages.delete(held.stored.id);
  }

  #makeReady(held: Held): void {
    held.state = 'ready';
    this.#ready.push(held);
    this.#wakeWaiters();
  }

  #nextReady(): Held | undefined {
    for (;;) {
      this.#overtake();
      const held = this.#ready[this.#readyFrom];
      if (!held) {
        this.#ready = [];
        this.#readyFrom = 0;
        return undefined;
      }
      this.#readyFrom += 1;
      if (this.#readyFrom > 1024) {
        this.#ready = this.#ready.slice(this.#readyFrom);
        this.#readyFrom = 0;
      }
      // It may have been deleted after its visibility ran out.
      if (held.state === 'ready') return held;
    }
  }

  /** Now and then one of the next messages takes the place of the first, as the order of a standard queue is best effort. */
  #overtake(): void {
    if (this.#draw?.(overtakesEach) !== 0) return;
    const other = this.#readyFrom + this.#draw(overtakenAtMost + 1);
    const [first, later] = [this.#ready[this.#readyFrom], this.#ready[other]];
    if (!first || !later) return;
    this.#ready[this.#readyFrom] = later;
    this.#ready[other] = first;
  }

  #postpone(held: Held, state: 'delayed' | 'in flight', at: number): void {
    held.state = state;
    held.readyAt = at;
    let low = 0;
    let high = this.#later.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#later[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    this.#later.splice(low, 0, { id: held.stored.id, at });
    if (this.#waiters.size > 0) this.#setAlarm();
  }

  #wakeDue(): void {
    const now = this.#now();
    let due = 0;
    for (const { id, at } of this.#later) {
      if (at > now) break;
      due += 1;
      const held = this.#messages.get(id);
      if (held && (held.state === 'delayed' || held.state === 'in flight') && held.readyAt === at)
        this.#makeReady(held);
    }
    if (due > 0) this.#later.splice(0, due);
  }

  #arrival(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        this.#waiters.delete(done);
        resolve();
      };
      // Node treats longer timeouts as 1 ms.
      const timer = setTimeout(done, Math.min(milliseconds, 2 ** 31 - 1));
      signal?.addEventListener('abort', done);
      this.#waiters.add(done);
      this.#setAlarm();
    });
  }

  #setAlarm(): void {
    clearTimeout(this.#alarm);
    const [next] = this.#later;
    if (!next) return;
    this.#alarm = setTimeout(
      () => {
        this.#wakeDue();
        if (this.#waiters.size > 0) this.#setAlarm();
      },
      Math.min(Math.max(next.at - this.#now(), 1), 2 ** 31 - 1),
    );
    this.#alarm.unref();
  }

  #wakeWaiters(): void {
    for (const wake of [...this.#waiters]) wake();
  }
}

export function md5OfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/** SQS's algorithm. Old SDKs reject a message whose digest differs. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const sized = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    sized(Buffer.from(name));
    sized(Buffer.from(DataType));
    hash.update(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    sized(BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64'));
  }
  return hash.digest('hex');
}
