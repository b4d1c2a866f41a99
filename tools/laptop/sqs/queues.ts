import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Journal, type Entry } from '../dynamodb/journal.ts';
import type { Observations } from '../observations.ts';
import { Queue, type MessageAttributes, type QueueSettings, type StoredMessage } from './queue.ts';
import type { Resource, Template } from '../cloudformation/template.ts';
import { seeded } from '../seeded.ts';

const defaults: QueueSettings = {
  visibilitySeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 345_600,
  receiveWaitSeconds: 0,
};

/** The same in each run, so that a failure can be seen again. */
const orderSeed = 1;

export interface QueuesOptions {
  readonly directory?: string;
  readonly now?: () => number;
  /** Upper limit of visibility timeouts. Receivers of dead-letter queues choose their own. */
  readonly againMilliseconds?: number | undefined;
  readonly observations?: Observations;
}

/** All queues of the stack, and where their messages are kept safe. */
export class Queues {
  readonly #byName = new Map<string, Queue>();
  readonly #byArn = new Map<string, Queue>();
  readonly #now: () => number;
  readonly #observations: Observations | undefined;
  #journal: Journal | undefined;

  private constructor(template: Template, { now = Date.now, againMilliseconds, observations }: QueuesOptions) {
    this.#now = now;
    this.#observations = observations;
    const draw = seeded(orderSeed);
    for (const resource of template.all('AWS::SQS::Queue')) {
      const queue: Queue = new Queue(
        { name: resource.name, arn: resource.arn, url: template.ref(resource) },
        settingsOf(resource, againMilliseconds),
        {
          received: (message) => {
            this.#observe(queue, 'received');
            void this.#journal?.append({
              received: message.id,
              count: message.receiveCount,
              at: message.firstReceivedAt,
            });
          },
          gone: (id) => {
            this.#observe(queue, 'deleted');
            void this.#journal?.append({ gone: id });
          },
          deadLettered: (message) => {
            void this.#deadLetter(queue, message);
          },
        },
        now,
        draw,
      );
      this.#byName.set(queue.name, queue);
      this.#byArn.set(queue.arn, queue);
    }
  }

  static async open(template: Template, options: QueuesOptions = {}): Promise<Queues> {
    const queues = new Queues(template, options);
    if (options.directory !== undefined) {
      queues.#journal = await Journal.open({
        path: join(options.directory, 'queues.ndjson'),
        restore: (entries) => {
          queues.#restore(entries);
        },
        snapshot: () => queues.#snapshot(),
      });
    }
    return queues;
  }

  all(): Iterable<Queue> {
    return this.#byName.values();
  }

  named(name: string): Queue | undefined {
    return this.#byName.get(name);
  }

  withArn(arn: string): Queue | undefined {
    return this.#byArn.get(arn);
  }

  /** Only the last segment of a queue's URL counts: clients reach the port by more than one host name. */
  atUrl(url: string): Queue | undefined {
    return this.#byName.get(url.slice(url.lastIndexOf('/') + 1));
  }

  /** Resolves when the message is safe and can be received. */
  async send(
    queue: Queue,
    body: string,
    options: { readonly attributes?: MessageAttributes; readonly delaySeconds?: number } = {},
  ): Promise<StoredMessage> {
    const now = this.#now();
    const message: StoredMessage = {
      id: randomUUID(),
      body,
      attributes: options.attributes ?? {},
      sentAt: now,
      delayedUntil: now + (options.delaySeconds ?? queue.settings.delaySeconds) * 1000,
      receiveCount: 0,
    };
    this.#observe(queue, 'sent');
    await this.#put(queue, message);
    return message;
  }

  /** Takes a received message out of a dead-letter queue and sends it on, as a message move task does. */
  async move(from: Queue, receiptHandle: string, to: Queue): Promise<void> {
    const message = from.surrender(receiptHandle);
    if (message)
      await this.#put(to, {
        id: message.id,
        body: message.body,
        attributes: message.attributes,
        sentAt: message.sentAt,
        delayedUntil: 0,
        receiveCount: 0,
      });
  }

  async close(): Promise<void> {
    for (const queue of this.#byName.values()) queue.close();
    await this.#journal?.close();
  }

  #observe({ name }: Queue, step: 'sent' | 'received' | 'deleted'): void {
    this.#observations?.notify({ kind: 'message', queue: name, step, at: this.#now() });
  }

  async #deadLetter(from: Queue, message: StoredMessage): Promise<void> {
    const deadLetters = this.withArn(from.settings.redrive?.deadLetterArn ?? '');
    if (!deadLetters) return;
    await this.#put(deadLetters, { ...message, delayedUntil: 0, deadLetterSource: from.arn });
  }

  /** One line both adds a message and, because ids are unique, moves it: no crash can lose it between two queues. */
  async #put(queue: Queue, message: StoredMessage): Promise<void> {
    queue.admit(message);
    await this.#journal?.append({ queue: queue.name, message });
    queue.release(message.id);
  }

  #restore(entries: readonly Entry[]): void {
    const messages = new Map<string, { readonly queue: string; readonly message: StoredMessage }>();
    // The shapes are those that this class appends.
    for (const entry of entries as readonly JournalEntry[]) {
      if ('message' in entry) {
        messages.delete(entry.message.id);
        messages.set(entry.message.id, entry);
      } else if ('received' in entry) {
        const known = messages.get(entry.received);
        if (known)
          messages.set(entry.received, {
            ...known,
            message: { ...known.message, receiveCount: entry.count, firstReceivedAt: entry.at },
          });
      } else {
        messages.delete(entry.gone);
      }
    }
    for (const { queue: name, message } of messages.values()) {
      const queue = this.#byName.get(name);
      queue?.admit(message);
      queue?.release(message.id);
    }
  }

  *#snapshot(): Iterable<Entry> {
    for (const queue of this.all()) for (const message of queue.stored()) yield { queue: queue.name, message };
  }
}

type JournalEntry =
  | { readonly queue: string; readonly message: StoredMessage }
  | { readonly received: string; readonly count: number; readonly at: number }
  | { readonly gone: string };

function settingsOf({ logicalId, properties }: Resource, againMilliseconds: number | undefined): QueueSettings {
  if (properties.flag('FifoQueue')) throw new Error(`${logicalId} is a FIFO queue, which is not known on a laptop`);
  const redrive = properties.optionalFields('RedrivePolicy');
  return {
    visibilitySeconds: properties.optionalInteger('VisibilityTimeout') ?? defaults.visibilitySeconds,
    delaySeconds: properties.optionalInteger('DelaySeconds') ?? defaults.delaySeconds,
    retentionSeconds: properties.optionalInteger('MessageRetentionPeriod') ?? defaults.retentionSeconds,
    receiveWaitSeconds: properties.optionalInteger('ReceiveMessageWaitTimeSeconds') ?? defaults.receiveWaitSeconds,
    ...(redrive && againMilliseconds !== undefined && { againMilliseconds }),
    ...(redrive && {
      redrive: {
        deadLetterArn: redrive.text('deadLetterTargetArn'),
        maxReceiveCount: redrive.integer('maxReceiveCount'),
      },
    }),
  };
}
