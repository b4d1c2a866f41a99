import { project, projectFront } from '../../functions/project/project.ts';
import { purge } from '../../functions/purge/purge.ts';
import { reconcile } from '../../functions/reconcile/reconcile.ts';
import { release } from '../../functions/release/release.ts';
import { store } from '../../functions/store/store.ts';
import type { PurgeRequest } from '../../shared/purge/ports.ts';
import type { Chance } from './chance.ts';
import type { Invocation } from './machine.ts';
import { FunctionPorts, type Queues, type Surroundings } from './ports.ts';
import { SimulatedQueue, type Received } from './queue.ts';
import { SimulatedStream, type HeadRecord } from './stream.ts';

const timeoutMilliseconds = 10_000;

/** The pipeline's functions behind their queues and the stream. */
export class Functions {
  readonly queues: Queues;
  readonly ports: FunctionPorts;
  readonly #surroundings: Surroundings;
  readonly #chance: Chance;
  readonly #stream: SimulatedStream;
  #streamed = 0;
  #streamedFronts = 0;

  constructor(surroundings: Surroundings, chance: Chance) {
    this.#surroundings = surroundings;
    this.#chance = chance;
    const { scheduler, machine } = surroundings;
    this.queues = {
      store: this.#queue('store', 10, async (invocation, body, { id, sentAt }) => {
        await store(this.ports.of(invocation), body, id, { sentAt });
      }),
      release: this.#queue('release', 10, async (invocation, body) => release(this.ports.of(invocation), body)),
      retry: this.#queue('project-retry', 3, async (invocation, body) =>
        this.#projectRecords(invocation, [JSON.parse(body) as HeadRecord]),
      ),
      purge: this.#purgeQueue('purge', 2000),
      urgent: this.#purgeQueue('purge-urgent', 0),
      // Never given up: a redriven message would begin another job, which does not know the purges that the first one
      // missed.
      reconcile: this.#queue(
        'reconcile',
        1,
        async (invocation, _, received) => this.#reconcile(invocation, received),
        Infinity,
      ),
    };
    this.ports = new FunctionPorts(surroundings, this.queues);
    this.#stream = new SimulatedStream(
      scheduler,
      machine,
      chance.of('stream'),
      timeoutMilliseconds,
      async (invocation, records) => this.#projectStream(invocation, records),
    );
  }

  /** Puts the heads that were written since the last call into the stream. */
  stream(): void {
    const { articles, fronts, checks } = this.#surroundings;
    for (const images of articles.stream.slice(this.#streamed)) {
      checks.heads.written(images);
      this.#stream.put({ articleId: images.new?.articleId ?? '', images });
    }
    for (const images of fronts.stream.slice(this.#streamedFronts))
      this.#stream.put({ articleId: images.new?.articleId ?? '', front: images });
    this.#streamed = articles.stream.length;
    this.#streamedFronts = fronts.stream.length;
  }

  /** Moves the messages of every dead-letter queue back. */
  redrive(): void {
    for (const queue of Object.values(this.queues)) queue.redrive();
  }

  /** A queue whose messages are processed one by one: those that fail return. */
  #queue(
    name: string,
    maxInABatch: number,
    each: (invocation: Invocation, body: string, received: Received) => Promise<void>,
    maxReceives = 4,
  ): SimulatedQueue {
    const { scheduler, machine, note } = this.#surroundings;
    return new SimulatedQueue(
      scheduler,
      machine,
      this.#chance.of(name),
      { name, windowMilliseconds: 0, maxInABatch, maxReceives },
      (batch, invocationName, ended) => {
        const done: string[] = [];
        machine.invoke(
          invocationName,
          timeoutMilliseconds,
          async (invocation) => {
            const outcomes = await Promise.allSettled(
              batch.map(async (received) => each(invocation, received.body, received)),
            );
            done.push(...batch.filter((_, index) => outcomes[index]?.status === 'fulfilled').map(({ id }) => id));
            for (const outcome of outcomes)
              if (outcome.status === 'rejected')
                note(() => `${invocationName}  a message failed: ${String(outcome.reason)}`);
          },
          () => {
            ended(done);
          },
          () => undefined,
        );
      },
    );
  }

  /** A queue of purge requests, which are purged together. */
  #purgeQueue(name: string, windowMilliseconds: number): SimulatedQueue {
    const { scheduler, machine, cdn } = this.#surroundings;
    return new SimulatedQueue(
      scheduler,
      machine,
      this.#chance.of(name),
      { name, windowMilliseconds, maxInABatch: 10, maxReceives: 4 },
      (batch, invocationName, ended) => {
        machine.invoke(
          invocationName,
          timeoutMilliseconds,
          async (invocation) => {
            const { announcer } = this.ports.of(invocation);
            await purge(
              { cdn: machine.port(cdn, 'cdn', invocation), announcer },
              batch.map(({ id, body }) => ({ messageId: id, request: JSON.parse(body) as PurgeRequest })),
            );
          },
          (failure) => {
            ended(failure === undefined ? batch.map(({ id }) => id) : []);
          },
          () => undefined,
        );
      },
    );
  }

  /** Processes a batch as project's handler does: each article separately. The records of one that fails go to the retry queue, and the batch continues. */
  async #projectStream(invocation: Invocation, records: readonly HeadRecord[]): Promise<readonly HeadRecord[]> {
    const retry = this.#surroundings.machine.port(
      {
        send: async (body: string) => {
          this.queues.retry.send(body);
          return Promise.resolve();
        },
      },
      'retryQueue',
      invocation,
    );
    const failed = await Promise.all(
      [...Map.groupBy(records, ({ articleId }) => articleId).values()].map(async (own) => {
        try {
          await this.#projectRecords(invocation, own);
          return [];
        } catch {
          try {
            await Promise.all(own.map(async (record) => retry.send(JSON.stringify(record))));
            return [];
          } catch {
            return own;
          }
        }
      }),
    );
    return failed.flat();
  }

  async #projectRecords(invocation: Invocation, records: readonly HeadRecord[]): Promise<void> {
    const fronts = records.flatMap(({ front }) => (front ? [{ after: front.new }] : []));
    const changes = records.flatMap(({ images }) => (images ? [{ before: images.old, after: images.new }] : []));
    const ports = this.ports.of(invocation);
    if (fronts.length > 0) await projectFront(ports, fronts);
    else await project(ports, records[0]?.articleId ?? '', changes);
  }

  /** One page, then the rest by another message. */
  async #reconcile(invocation: Invocation, { id, body, receives }: Received): Promise<void> {
    const failures: unknown[] = [];
    await reconcile(
      this.ports.forReconcile(invocation, (error) => failures.push(error)),
      body,
      { messageId: id, again: receives > 1 },
      -Infinity,
    );
    for (const error of failures)
      this.#surroundings.note(() => `reconcile could not look at an article: ${String(error)}`);
  }
}
