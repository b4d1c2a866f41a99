import { setTimeout as pause } from 'node:timers/promises';
import { startLocalStack, type LocalStack } from '../laptop/stack.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { putEvents, type EventEntry } from '../../shared/aws/eventbridge.ts';
import type { ArticleEvent } from '../../shared/article/version.ts';
import { Meter } from './meter.ts';
import type { Publication } from './stories.ts';

/** Quiet for so long, and all is done. */
const quietMilliseconds = 150;
const timeoutMs = 600_000;

interface Step {
  readonly articleId: string;
  readonly seq: number;
}

/** The whole of Pressrun on this machine, with somebody who publishes and a meter that can be switched on. */
export class Pipeline {
  readonly stack: LocalStack;
  readonly eventBridge: EventBridgeClient;
  readonly #sqs: SQSClient;
  readonly meter: Meter;
  /** By article: the highest seq that was announced, and that was purged. */
  readonly announced = new Map<string, number>();
  readonly purged = new Map<string, number>();
  readonly #metering: { on: boolean };
  /** Messages on each queue that are not done with. */
  readonly #waiting = new Map<string, number>();
  #lastSeen = Date.now();
  #changed = Promise.withResolvers<undefined>();

  private constructor(stack: LocalStack, metering: { on: boolean }) {
    this.stack = stack;
    this.#metering = metering;
    const settings = {
      region: 'us-east-1',
      credentials: { accessKeyId: 'newsroom', secretAccessKey: 'newsroom' },
      endpoint: stack.awsUrl,
    };
    this.eventBridge = new EventBridgeClient(settings);
    this.#sqs = new SQSClient(settings);
    this.meter = new Meter(stack.events);
    stack.events.on((observation) => {
      this.#lastSeen = Date.now();
      // A withdrawal is purged again half a minute later. The benchmark does not wait for that.
      if (observation.kind === 'message' && !/urgent|-dlq$/.test(observation.queue))
        this.#waiting.set(
          observation.queue,
          (this.#waiting.get(observation.queue) ?? 0) + { sent: 1, received: 0, deleted: -1 }[observation.step],
        );
      if (observation.kind !== 'bus-event' || observation.event.source !== 'pressrun') return;
      const { 'detail-type': type, detail } = observation.event;
      if (/^article\.(?:live|revised|withdrawn)$/.test(type)) note(this.announced, detail as Step);
      else if (type === 'cdn.purged')
        for (const step of (detail as { readonly articles: readonly Step[] }).articles) note(this.purged, step);
      else return;
      this.#changed.resolve(undefined);
      this.#changed = Promise.withResolvers();
    });
  }

  static async open({
    windowSeconds,
    dataDirectory,
  }: {
    readonly windowSeconds: number;
    readonly dataDirectory?: string;
  }): Promise<Pipeline> {
    const metering = { on: false };
    const stack = await startLocalStack({
      awsPort: 0,
      edgePort: 0,
      context: { purgeWindowSeconds: String(windowSeconds) },
      metered: () => metering.on,
      ...(dataDirectory !== undefined && { dataDirectory }),
    });
    return new Pipeline(stack, metering);
  }

  async close(): Promise<void> {
    this.meter.close();
    await this.stack.stop();
    this.eventBridge.destroy();
    this.#sqs.destroy();
  }

  async put(event: ArticleEvent, publications: readonly Publication[]): Promise<void> {
    await putEvents(
      this.eventBridge,
      publications.map((publication) => entryOf(this.stack.busName, event, publication)),
    );
  }

  /** Measures work from its first call to the last call that it causes. */
  async metered(work: () => Promise<void>): Promise<ReturnType<Meter['reading']>> {
    await this.quiet();
    this.#metering.on = true;
    this.meter.reset();
    try {
      await work();
      await this.quiet();
      return this.meter.reading();
    } finally {
      this.#metering.on = false;
    }
  }

  /** Waits until nothing is running and no message waits in a queue. */
  async quiet(): Promise<void> {
    const late = Date.now() + timeoutMs;
    do {
      if (Date.now() > late)
        throw new Error(
          `there is no quiet after ${timeoutMs / 1000} s: ${[...this.#waiting]
            .filter(([, count]) => count > 0)
            .map(([queue, count]) => `${count} in ${queue}`)
            .join(', ')}`,
        );
      await pause(quietMilliseconds);
    } while (Date.now() - this.#lastSeen < quietMilliseconds || [...this.#waiting.values()].some((count) => count > 0));
  }

  /** Stops `watch` from following the stories published so far, as an operator does after an import. */
  async unwatch(): Promise<void> {
    const { QueueUrl } = await this.#sqs.send(new GetQueueUrlCommand({ QueueName: 'pressrun-local-watch' }));
    await this.#sqs.send(new PurgeQueueCommand({ QueueUrl }));
  }

  /** Until every one of these was announced and, where it was seen by anybody before, purged. */
  async until(what: string, isDone: () => boolean): Promise<void> {
    const late = Date.now() + timeoutMs;
    while (!isDone()) {
      const changed = this.#changed.promise;
      if (isDone()) return;
      const left = late - Date.now();
      if (left <= 0) throw new Error(`${what} took longer than ${timeoutMs / 1000} s`);
      await Promise.race([changed, pause(Math.min(left, 1000))]);
    }
  }

  seqOf(uri: string): number {
    return this.announced.get(articleIdOf(uri)) ?? 0;
  }
}

function note(steps: Map<string, number>, { articleId, seq }: Step): void {
  if (seq > (steps.get(articleId) ?? 0)) steps.set(articleId, seq);
}

export function entryOf(busName: string, event: ArticleEvent, { article, path }: Publication): EventEntry {
  return { EventBusName: busName, Source: 'bench', DetailType: event, Detail: JSON.stringify({ article, path }) };
}
