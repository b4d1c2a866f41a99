import { matches } from '../events/event-pattern.ts';
import { isRecord } from '../fields.ts';
import type { FunctionRuntime } from '../lambda/function-runtime.ts';
import { md5OfBody, type MessageAttributes, type Queue, type ReceivedMessage } from './queue.ts';
import { systemAttributesOf } from './sqs-api.ts';
import { region } from '../cloudformation/template.ts';

/**
 * With a batching window of any length, Lambda may wait this long at low traffic (Lambda's guide on SQS, "Batching
 * behavior"). Here it always does, so that no test relies on less.
 */
const longestWaitMilliseconds = 20_000;

export interface QueueSourceSettings {
  readonly batchSize: number;
  readonly windowMilliseconds: number;
  readonly concurrency: number;
  readonly reportsItemFailures: boolean;
  readonly patterns: readonly unknown[];
}

/** Brings a queue's messages to a function: an event source mapping of SQS. */
export class QueueSource {
  readonly #queue: Queue;
  readonly #runtime: Pick<FunctionRuntime, 'invoke'>;
  readonly #settings: QueueSourceSettings;
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #loop: Promise<void> | undefined;

  constructor(queue: Queue, runtime: Pick<FunctionRuntime, 'invoke'>, settings: QueueSourceSettings) {
    this.#queue = queue;
    this.#runtime = runtime;
    this.#settings = settings;
  }

  start(): void {
    this.#loop = this.#poll();
  }

  /** Receives no more messages. Work under way ends, or is repeated by the next process. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (this.#underWay.size >= this.#settings.concurrency) {
        await Promise.race(this.#underWay);
        continue;
      }
      const messages = await this.#collect(signal);
      if (messages.length === 0) continue;
      const work = this.#process(messages).finally(() => this.#underWay.delete(work));
      this.#underWay.add(work);
    }
  }

  /**
   * One batch: the messages that are there. With a window, also those that arrive in the longest time that Lambda may
   * wait.
   */
  async #collect(signal: AbortSignal): Promise<readonly ReceivedMessage[]> {
    const { batchSize, windowMilliseconds } = this.#settings;
    const first = await this.#queue.receive({ atMost: batchSize, waitMilliseconds: 20_000, signal });
    if (windowMilliseconds === 0 || first.length === 0) return first;
    const messages = [...first];
    const deadline = Date.now() + Math.max(windowMilliseconds, longestWaitMilliseconds);
    while (messages.length < batchSize && !signal.aborted) {
      const left = deadline - Date.now();
      if (left <= 0) break;
      messages.push(
        ...(await this.#queue.receive({ atMost: batchSize - messages.length, waitMilliseconds: left, signal })),
      );
    }
    return messages;
  }

  async #process(received: readonly ReceivedMessage[]): Promise<void> {
    const records = received.map((message) => ({ message, record: recordOf(message, this.#queue.arn) }));
    const passing = records.filter(({ record }) => this.#passes(record));
    // Lambda deletes messages that the filter excludes.
    for (const { message } of records.filter((entry) => !passing.includes(entry)))
      this.#queue.delete(message.receiptHandle);
    if (passing.length === 0) return;
    let failed: ReadonlySet<unknown> | 'all';
    try {
      const answer = await this.#runtime.invoke({ Records: passing.map(({ record }) => record) });
      failed = this.#settings.reportsItemFailures
        ? failuresIn(answer, new Set(passing.map(({ message }) => message.id)))
        : new Set();
    } catch {
      // The runtime has logged it; the messages come back when their visibility timeout is over.
      failed = 'all';
    }
    if (failed === 'all') return;
    for (const { message } of passing) if (!failed.has(message.id)) this.#queue.delete(message.receiptHandle);
  }

  #passes(record: SqsRecord): boolean {
    const { patterns } = this.#settings;
    if (patterns.length === 0) return true;
    let body: unknown = record.body;
    try {
      body = JSON.parse(record.body);
    } catch {
      // A filter on the text itself is still possible.
    }
    return patterns.some((pattern) => matches(pattern, { ...record, body }));
  }
}

/** The ids that a function reports as failed; an answer that makes no sense fails them all, as with Lambda. */
export function failuresIn(answer: unknown, known: ReadonlySet<string>): ReadonlySet<unknown> | 'all' {
  if (!isRecord(answer) || answer['batchItemFailures'] === undefined || answer['batchItemFailures'] === null)
    return new Set();
  const failures = answer['batchItemFailures'];
  if (!Array.isArray(failures)) return 'all';
  const ids = failures.map((failure: unknown) => (isRecord(failure) ? failure['itemIdentifier'] : undefined));
  return ids.every((id) => typeof id === 'string' && known.has(id)) ? new Set(ids) : 'all';
}

type SqsRecord = ReturnType<typeof recordOf>;

function recordOf(message: ReceivedMessage, queueArn: string) {
  return {
    messageId: message.id,
    receiptHandle: message.receiptHandle,
    body: message.body,
    md5OfBody: md5OfBody(message.body),
    attributes: systemAttributesOf(message),
    messageAttributes: lambdaAttributes(message.attributes),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function lambdaAttributes(attributes: MessageAttributes): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        dataType: DataType,
        stringListValues: [],
        binaryListValues: [],
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
      },
    ]),
  );
}
