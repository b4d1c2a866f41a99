import { Duration } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { WatchEnv } from '../functions/watch/env.ts';
import type { Articles } from './articles.ts';
import type { Bus } from './bus.ts';
import type { Edge } from './edge.ts';
import { ownMetric } from './own-metric.ts';
import type { Release } from './release.ts';
import { ServiceFunction } from './service-function.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';
import { Subscription } from './subscription.ts';
import { toSend, WorkQueue } from './work-queue.ts';

export interface WatchProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly articles: Articles;
  readonly edge: Edge;
  readonly release: Release;
  /** How long the desk may be quiet before a canary is sent; none at zero. */
  readonly canaryAfter: Duration;
}

const TIMEOUT = Duration.seconds(30);

/** Follows each publish to the reader. A consumer like any other, and the one that notices when readers see nothing new. */
export class Watch extends Construct {
  readonly canaryMinutes: number;
  readonly #stage: Stage;

  constructor(scope: Construct, id: string, { stage, bus, articles, edge, release, canaryAfter }: WatchProps) {
    super(scope, id);
    this.#stage = stage;
    this.canaryMinutes = canaryAfter.toMinutes();
    const queue = new WorkQueue(this, 'Queue', {
      stage,
      name: 'watch',
      workTimeout: TIMEOUT,
      maxReceiveCount: 5,
      staleAfter: Duration.minutes(2),
    });
    new Subscription(this, 'Subscription', {
      stage,
      bus,
      name: 'watch',
      events: [
        'article.live',
        'article.revised',
        'article.withdrawn',
        'article.rejected',
        'front.changed',
        'cdn.purged',
      ],
      withCanary: true,
      withoutRebuilds: true,
      to: { queue },
    });
    const watch = new ServiceFunction<WatchEnv>(this, 'Watch', {
      stage,
      name: 'watch',
      description: 'Follows each publish to the reader; sends a canary when nothing is published.',
      timeout: TIMEOUT,
      requeuesItself: true,
      // It mostly waits.
      memorySize: 256,
      environment: {
        STAGE: stage.name,
        ARTICLES_TABLE: articles.toWatch(),
        BUS_NAME: bus.toPublish('pressrun', 'pressrun.canary'),
        WATCH_QUEUE_URL: toSend(queue),
        EDGE_HOST: edge.distribution.distributionDomainName,
        CANARY_MINUTES: String(this.canaryMinutes),
      },
    });
    queue.feed(watch, { batchSize: 10, maxConcurrency: 10 });
    if (this.canaryMinutes > 0) {
      new Schedule(this, 'CanarySchedule', {
        scheduleName: nameIn(stage, 'canary'),
        scheduleGroup: release.schedules,
        schedule: ScheduleExpression.rate(Duration.minutes(Math.max(1, Math.floor(this.canaryMinutes / 2)))),
        target: new SqsSendMessage(queue, { input: ScheduleTargetInput.fromObject({ start: 'canary' }) }),
        description: 'Sends a canary story when nothing was published for a while.',
      });
    }
  }

  /** What watch saw, by the names that it counts under. */
  readonly metric = (metricName: string, options: MetricOptions): Metric => ownMetric(this.#stage, metricName, options);
}
