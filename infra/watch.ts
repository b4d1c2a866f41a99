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
  /** Time without a publish before a canary is sent; 0 for none. */
  readonly canaryAfter: Duration;
}

const TIMEOUT = Duration.seconds(30);

/**
 * Follows each publish to the reader, and counts publishes that readers don't see. It subscribes to announcements like
 * any other consumer.
 */
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
      // The function mostly waits for the network.
      memorySize: 256,
      environment: {
        STAGE: stage.name,
        ARTICLES_TABLE: articles.toWatch(),
        BUS_NAME: bus.toPublish('pressrun', 'pressrun.canary'),
        WATCH_QUEUE_URL: toSend(queue),
        EDGE_HOST: edge.distribution.distributionDomainName,
        ...(edge.watchToken !== undefined && { WATCH_TOKEN: edge.watchToken }),
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

  /** A metric that `watch` logs. */
  readonly metric = (metricName: string, options: MetricOptions): Metric => ownMetric(this.#stage, metricName, options);
}
