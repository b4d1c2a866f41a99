import { Duration } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { StoreEnv } from '../functions/store/env.ts';
import type { Owners } from '../shared/article/ownership.ts';
import type { Articles } from './articles.ts';
import type { Bus } from './bus.ts';
import { ownMetric } from './own-metric.ts';
import type { PayloadStore } from './payload-store.ts';
import type { Release } from './release.ts';
import { ServiceFunction } from './service-function.ts';
import type { Stage } from './stage.ts';
import { toSend, WorkQueue } from './work-queue.ts';

export interface IntakeProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly articles: Articles;
  readonly release: Release;
  readonly payloads: PayloadStore;
  readonly owners: Owners;
  /** Whose events wait in a queue of their own. */
  readonly slowSources: readonly string[];
}

/** Short, because a failed message is seen again after six times as long. */
const TIMEOUT = Duration.seconds(10);

/** Ten minutes of trying: it outlasts a storm of throttles. */
const DELIVERIES = 10;

/** The way in: bus, queue, `store`. */
export class Intake extends Construct {
  readonly #stage: Stage;

  constructor(
    scope: Construct,
    id: string,
    { stage, bus, articles, release, payloads, owners, slowSources }: IntakeProps,
  ) {
    super(scope, id);
    this.#stage = stage;
    const queue = new WorkQueue(this, 'Queue', {
      stage,
      name: 'store',
      workTimeout: TIMEOUT,
      // Malformed events don't wait for it, `store` itself puts them into the dead-letter queue at first sight; so what
      // gets there this way was valid, and can be redriven.
      maxReceiveCount: DELIVERIES,
      staleAfter: Duration.minutes(2),
      // One refused event is its sender's matter, who is told; of a valid one that was given up, `store` tells itself.
      alarmThreshold: 5,
    });
    const store = new ServiceFunction<StoreEnv>(this, 'Store', {
      stage,
      name: 'store',
      description: 'Validates and sanitises an event, stores the version, settles the article.',
      timeout: TIMEOUT,
      memorySize: 512,
      environment: {
        STAGE: stage.name,
        DELIVERIES: String(DELIVERIES),
        ARTICLES_TABLE: articles.toSettle(),
        BUS_NAME: bus.toAnnounce(),
        REJECTED_QUEUE_URL: toSend(queue.deadLetters),
        PARCELS_BUCKET: payloads.toRedeem(),
        OWNERS: JSON.stringify(owners),
        ...release.toWakeUp(),
      },
    });
    // Settling one article from many functions at once only makes them repeat each other's work: enough for a
    // thousand events a second, few enough that a replay of the archive leaves the tables' capacity to readers.
    queue.feed(store, { batchSize: 10, maxConcurrency: 50 });
    if (slowSources.length === 0) {
      bus.sendCommandsTo(queue);
      return;
    }
    // What floods the house waits here, as long as SQS can keep it, and nobody else behind it.
    const slowQueue = new WorkQueue(this, 'SlowQueue', {
      stage,
      name: 'store-slow',
      workTimeout: TIMEOUT,
      maxReceiveCount: DELIVERIES,
      staleAfter: Duration.days(1),
      retention: Duration.days(14),
    });
    bus.sendCommandsTo(queue, { queue: slowQueue, sources: slowSources });
    // As few at once as Lambda allows.
    slowQueue.feed(store, { batchSize: 1, maxConcurrency: 2 });
  }

  /** What `store` counts: `Stored`, `Rejected`, `GivenUp`. */
  metric(metricName: string, options: MetricOptions): Metric {
    return ownMetric(this.#stage, metricName, options);
  }
}
