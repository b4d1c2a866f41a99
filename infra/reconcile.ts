import { Duration } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { ReconcileEnv } from '../functions/reconcile/env.ts';
import type { JobMode } from '../shared/job.ts';
import type { Articles } from './articles.ts';
import type { Bus } from './bus.ts';
import type { Feeds } from './feeds.ts';
import { ownMetric } from './own-metric.ts';
import type { Narrate } from './narrate.ts';
import type { Purge } from './purge.ts';
import type { Release } from './release.ts';
import { ServiceFunction } from './service-function.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';
import { toSend, WorkQueue } from './work-queue.ts';

export interface ReconcileProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly articles: Articles;
  readonly feeds: Feeds;
  readonly purge: Purge;
  readonly release: Release;
  /** Deletes audio of articles that are not live, and creates missing audio of those that are. */
  readonly narrate?: Narrate | undefined;
  /** Time between two jobs over everything. */
  readonly every: Duration;
}

const TIMEOUT = Duration.seconds(60);

/**
 * Compares feeds and fronts with the stored versions, and repairs them: scheduled settles every few minutes, everything
 * at the given interval.
 */
export class Reconcile extends Construct {
  readonly #stage: Stage;

  constructor(
    scope: Construct,
    id: string,
    { stage, bus, articles, feeds, purge, release, narrate, every }: ReconcileProps,
  ) {
    super(scope, id);
    this.#stage = stage;
    const queue = new WorkQueue(this, 'Queue', {
      stage,
      name: 'reconcile',
      workTimeout: TIMEOUT,
      maxReceiveCount: 10,
      staleAfter: Duration.minutes(30),
    });
    const reconcile = new ServiceFunction<ReconcileEnv>(this, 'Reconcile', {
      stage,
      name: 'reconcile',
      description: 'Settles, compares, repairs; finds lost scheduled settles.',
      timeout: TIMEOUT,
      requeuesItself: true,
      memorySize: 512,
      environment: {
        ARTICLES_TABLE: articles.toReconcile(),
        FEEDS_TABLE: feeds.toReconcile(),
        RECONCILE_QUEUE_URL: toSend(queue),
        PURGE_QUEUE_URL: toSend(purge.queue),
        BUS_NAME: bus.toAnnounce(),
        ...(narrate && { NARRATE_QUEUE_URL: toSend(narrate.queue) }),
        STAGE: stage.name,
        ...release.toScheduleSettle(),
      },
    });
    // A job is one message at a time; the other two are for scheduled settles and a second job.
    queue.feed(reconcile, { batchSize: 1, maxConcurrency: 3 });

    const schedule = (name: string, rate: Duration, start: JobMode | 'due', description: string): void => {
      new Schedule(this, name, {
        scheduleName: nameIn(stage, `reconcile-${start}`),
        scheduleGroup: release.schedules,
        schedule: ScheduleExpression.rate(rate),
        target: new SqsSendMessage(queue, { input: ScheduleTargetInput.fromObject({ start }) }),
        description,
      });
    };
    schedule('DueSchedule', Duration.minutes(5), 'due', 'Settles what came due and was not called for.');
    schedule(
      'RepairSchedule',
      every,
      'repair',
      'Compares all heads, paths and feeds with the articles, and repairs them.',
    );
  }

  /** Rows that differed from the stored versions, as the function logs them. */
  drift(options: MetricOptions): Metric {
    return ownMetric(this.#stage, 'Drift', options);
  }
}
