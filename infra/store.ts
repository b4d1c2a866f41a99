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

export interface StoreProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly articles: Articles;
  readonly release: Release;
  readonly payloads: PayloadStore;
  readonly owners: Owners;
  /** Sources whose events wait in a queue of their own. */
  readonly slowSources: readonly string[];
}

/** Short, because the visibility timeout of a failed message is six times as long. */
const TIMEOUT = Duration.seconds(10);

/** About ten minutes of retries, longer than throttling usually lasts. */
const DELIVERIES = 10;

/** `store`, with the queue through which the bus sends it events. */
export class Store extends Construct {
  readonly #stage: Stage;

  constructor(
    scope: Construct,
    id: string,
    { stage, bus, articles, release, payloads, owners, slowSources }: StoreProps,
  ) {
    super(scope, id);
    this.#stage = stage;
    const queue = new WorkQueue(this, 'Queue', {
      stage,
      name: 'store',
      workTimeout: TIMEOUT,
      // `store` puts malformed events into the dead-letter queue at the first delivery. An event that gets there by its
      // receive count is valid and can be redriven.
      maxReceiveCount: DELIVERIES,
      staleAfter: Duration.minutes(2),
      // A single rejected event concerns its sender, who gets an announcement. `store` counts valid events that failed
      // in a metric with an alarm of its own.
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
        PAYLOADS_BUCKET: payloads.toFetch(),
        OWNERS: JSON.stringify(owners),
        ...release.toScheduleSettle(),
      },
    });
    // 50 is enough for a thousand events a second, and leaves table capacity to readers during a replay. More would
    // conflict when they settle the same article.
    queue.feed(store, { batchSize: 10, maxConcurrency: 50 });
    if (slowSources.length === 0) {
      bus.sendCommandsTo(queue);
      return;
    }
    // A bulk import of a slow source waits here, for up to SQS's maximum retention, without delaying other events.
    const slowQueue = new WorkQueue(this, 'SlowQueue', {
      stage,
      name: 'store-slow',
      workTimeout: TIMEOUT,
      maxReceiveCount: DELIVERIES,
      staleAfter: Duration.days(1),
      retention: Duration.days(14),
    });
    bus.sendCommandsTo(queue, { queue: slowQueue, sources: slowSources });
    // 2 is Lambda's minimum.
    slowQueue.feed(store, { batchSize: 1, maxConcurrency: 2 });
  }

  /** Metrics of `store`: `Stored`, `Rejected`, `GivenUp`. */
  metric(metricName: string, options: MetricOptions): Metric {
    return ownMetric(this.#stage, metricName, options);
  }
}
