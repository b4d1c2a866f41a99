import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { PurgeEnv } from '../functions/purge/env.ts';
import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Articles } from './articles.ts';
import type { Bus } from './bus.ts';
import type { Edge, SiteProps } from './edge.ts';
import { ServiceFunction } from './service-function.ts';
import type { Stage } from './stage.ts';
import { toCollect, toSend, WorkQueue } from './work-queue.ts';

export interface PurgeProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly edge: Edge;
  readonly site: SiteProps;
  /** The window over which tags are collected before one call invalidates them. */
  readonly window: Duration;
  readonly articles: Articles;
  /** Paths a month beyond which the window widens; without it, the window is constant. */
  readonly budget?: number;
}

/** Enough for one flush, after its window. */
const FLUSH_TIMEOUT = Duration.seconds(30);

/** About half an hour of retries: CloudFront rejects calls while too many invalidations are in progress. */
const MAX_RECEIVE_COUNT = 10;

/** The queues of purge requests, and the function that invalidates their tags. */
export class Purge extends Construct {
  /** Collects over the window, so that a burst of changes invalidates each tag once. */
  readonly queue: WorkQueue;
  /** Takes withdrawals and urgent news, without a window. */
  readonly urgentQueue: WorkQueue;

  readonly hasBudget: boolean;
  readonly #stage: Stage;

  constructor(scope: Construct, id: string, { stage, bus, edge, site, window, articles, budget }: PurgeProps) {
    super(scope, id);
    this.#stage = stage;
    this.hasBudget = budget !== undefined;
    const workTimeout = FLUSH_TIMEOUT.plus(window);
    const shared = { stage, workTimeout, maxReceiveCount: MAX_RECEIVE_COUNT, staleAfter: Duration.minutes(2) };
    this.queue = new WorkQueue(this, 'Queue', {
      ...shared,
      name: 'purge',
      staleAfter: shared.staleAfter.plus(window),
    });
    this.urgentQueue = new WorkQueue(this, 'UrgentQueue', { ...shared, name: 'purge-urgent' });
    const purge = new ServiceFunction<PurgeEnv>(this, 'Purge', {
      stage,
      name: 'purge',
      description: 'Invalidates tags at the CDN and announces what it purged.',
      timeout: workTimeout,
      requeuesItself: true,
      memorySize: 256,
      environment: {
        STAGE: stage.name,
        BUS_NAME: bus.toAnnounce(),
        DISTRIBUTION_ID: edge.toInvalidate(),
        PURGE_QUEUE_URL: {
          value: this.queue.queueUrl,
          // Beyond the budget, requests are sent to the queue again.
          statements: [toCollect(this.queue), ...(budget === undefined ? [] : [toSend(this.queue)])].flatMap(
            ({ statements }) => statements,
          ),
        },
        PURGE_WINDOW_SECONDS: window.toSeconds().toString(),
        ...(budget === undefined ? {} : { PURGE_BUDGET: budget.toString(), ARTICLES_TABLE: articles.toCountPurges() }),
        ...(site.theme.hub === undefined || site.url === undefined
          ? {}
          : { HUB_URL: site.theme.hub, SITE_URL: site.url }),
      },
    });
    // The first message starts the function, which collects over the window by itself. 2 is Lambda's minimum: two
    // flushes at the same time may both pay for a tag.
    this.queue.feed(purge, { batchSize: 10, maxConcurrency: 2 });
    this.urgentQueue.feed(purge, { batchSize: 10, maxConcurrency: 5 });
  }

  /** Percentage of the monthly budget that is used, as the function logs it. */
  budgetPercent(options: MetricOptions): Metric {
    return new Metric({
      namespace: 'Pressrun',
      metricName: 'PurgeBudgetPercent',
      dimensionsMap: { stage: this.#stage.name },
      ...options,
    });
  }
}
