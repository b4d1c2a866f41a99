import pLimit, { type LimitFunction } from 'p-limit';
import { setTimeout as delay } from 'node:timers/promises';
import { FunctionError, type FunctionRuntime } from '../lambda/function-runtime.ts';
import { failuresIn } from '../sqs/queue-source.ts';
import type { StreamRecord, TableStream } from './table-stream.ts';

export interface StreamSourceSettings {
  /** Of the mapping; progress is kept under it. */
  readonly id: string;
  readonly batchSize: number;
  readonly windowMilliseconds: number;
  readonly lanes: number;
  /** How many lanes may have an invocation under way. */
  readonly concurrency: number;
  readonly patterns: readonly unknown[];
  readonly reportsItemFailures: boolean;
  readonly bisects: boolean;
  /** Unlimited without it. */
  readonly maxRetries?: number;
  readonly oldestSeconds?: number;
  /** Receives records that the function could not process, as JSON text. */
  readonly onFailure?: (message: string) => Promise<void>;
  readonly report: (error: unknown) => void;
}

interface Verdict {
  /** How many records, from the first, are done. */
  readonly done: number;
  readonly error?: FunctionError;
}

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 10_000;

/** Brings a table's stream to a function: an event source mapping of DynamoDB. Each lane keeps its records in order. */
export class StreamSource {
  readonly #stream: TableStream;
  readonly #runtime: FunctionRuntime;
  readonly #settings: StreamSourceSettings;
  readonly #stopping = new AbortController();
  readonly #lanes: readonly Lane[];
  readonly #limit: LimitFunction;
  #loops: readonly Promise<void>[] = [];

  constructor(stream: TableStream, runtime: FunctionRuntime, settings: StreamSourceSettings) {
    this.#stream = stream;
    this.#runtime = runtime;
    this.#settings = settings;
    this.#limit = pLimit(settings.concurrency);
    this.#lanes = Array.from({ length: settings.lanes }, () => new Lane());
    stream.subscribe({
      id: settings.id,
      patterns: settings.patterns,
      lanes: settings.lanes,
      deliver: (lane, record) => {
        this.#lanes[lane]?.push(record);
      },
    });
  }

  start(): void {
    this.#loops = this.#lanes.map((lane, index) => this.#follow(lane, index));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const lane of this.#lanes) lane.wake();
    await Promise.all(this.#loops);
  }

  async #follow(lane: Lane, index: number): Promise<void> {
    const { signal } = this.#stopping;
    const { batchSize, windowMilliseconds } = this.#settings;
    while (!signal.aborted) {
      if (lane.records.length === 0) {
        await lane.arrival();
        if (windowMilliseconds > 0) await lane.collect(batchSize, windowMilliseconds, signal);
        continue;
      }
      const batch = lane.records.slice(0, batchSize);
      await this.#deliver(batch, index, 0);
      lane.records.splice(0, batch.length);
    }
  }

  /** Ends when every record is done or given up, or the stack stops. */
  async #deliver(records: readonly StreamRecord[], lane: number, earlierRetries: number): Promise<void> {
    const { bisects, maxRetries = Number.POSITIVE_INFINITY, oldestSeconds = Number.POSITIVE_INFINITY } = this.#settings;
    const { signal } = this.#stopping;
    let left = records;
    for (let retries = earlierRetries; ; retries += 1) {
      const { done, error } = await this.#invoke(left);
      // Interrupted, not failed: the next process starts with these records.
      if (signal.aborted && done < left.length) return;
      if (done > 0) {
        this.#stream.acknowledge(this.#settings.id, left.slice(0, done));
        left = left.slice(done);
        retries = 0;
      }
      const [oldest] = left;
      if (!oldest) return;
      const tooOld = Date.now() / 1000 - oldest.dynamodb.ApproximateCreationDateTime > oldestSeconds;
      if (retries >= maxRetries || tooOld) {
        await this.#giveUp(left, lane, tooOld ? 'RecordAgeExceeded' : 'RetryAttemptsExhausted', retries + 1, error);
        return;
      }
      if (error && bisects && left.length > 1) {
        // Halving is no retry: a bad record is alone long before the retries are used up.
        const middle = Math.ceil(left.length / 2);
        await this.#deliver(left.slice(0, middle), lane, retries);
        if (!signal.aborted) await this.#deliver(left.slice(middle), lane, retries);
        return;
      }
      await delay(Math.min(firstPauseMilliseconds * 2 ** retries, longestPauseMilliseconds), undefined, {
        signal,
      }).catch(() => undefined);
    }
  }

  async #invoke(records: readonly StreamRecord[]): Promise<Verdict> {
    let answer: unknown;
    try {
      answer = await this.#limit(async () => this.#runtime.invoke({ Records: records }));
    } catch (error) {
      if (error instanceof FunctionError) return { done: 0, error };
      throw error;
    }
    if (!this.#settings.reportsItemFailures) return { done: records.length };
    const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    const failed = failuresIn(answer, new Set(numbers));
    if (failed === 'all') return { done: 0 };
    const lowest = numbers.findIndex((number) => failed.has(number));
    return { done: lowest === -1 ? records.length : lowest };
  }

  /** Lambda's message about records it gave up: their place in the stream, without their content. */
  async #giveUp(
    records: readonly StreamRecord[],
    lane: number,
    condition: string,
    invocations: number,
    error: FunctionError | undefined,
  ): Promise<void> {
    const first = records[0];
    const last = records.at(-1);
    if (!first || !last) return;
    const arrival = ({ dynamodb }: StreamRecord): string =>
      new Date(dynamodb.ApproximateCreationDateTime * 1000).toISOString();
    const { functionArn, functionName } = this.#runtime.settings;
    try {
      await this.#settings.onFailure?.(
        JSON.stringify({
          requestContext: {
            requestId: error?.requestId ?? first.eventID,
            functionArn,
            condition,
            approximateInvokeCount: invocations,
          },
          ...(error && {
            responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
          }),
          version: '1.0',
          timestamp: new Date().toISOString(),
          DDBStreamBatchInfo: {
            shardId: `shardId-${String(lane).padStart(20, '0')}-00000000`,
            startSequenceNumber: first.dynamodb.SequenceNumber,
            endSequenceNumber: last.dynamodb.SequenceNumber,
            approximateArrivalOfFirstRecord: arrival(first),
            approximateArrivalOfLastRecord: arrival(last),
            batchSize: records.length,
            streamArn: this.#stream.arn,
          },
        }),
      );
      this.#settings.report(
        new Error(
          `${functionName} gave up ${records.length} stream records from ${first.dynamodb.SequenceNumber} on (${condition})`,
        ),
      );
      this.#stream.acknowledge(this.#settings.id, records);
    } catch (failure) {
      this.#settings.report(failure);
    }
  }
}

class Lane {
  readonly records: StreamRecord[] = [];
  #arrived = Promise.withResolvers<undefined>();

  push(record: StreamRecord): void {
    this.records.push(record);
    this.wake();
  }

  wake(): void {
    this.#arrived.resolve(undefined);
  }

  async arrival(): Promise<void> {
    await this.#arrived.promise;
    this.#arrived = Promise.withResolvers<undefined>();
  }

  /** Waits until a whole batch is there or the window is over. */
  async collect(batchSize: number, windowMilliseconds: number, signal: AbortSignal): Promise<void> {
    const closesAt = Date.now() + windowMilliseconds;
    const window = delay(windowMilliseconds, undefined, { signal }).catch(() => undefined);
    while (this.records.length < batchSize && !signal.aborted && Date.now() < closesAt)
      await Promise.race([window, this.arrival()]);
  }
}
