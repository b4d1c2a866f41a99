import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ReleaseEnv } from '../functions/release/env.ts';
import type { SettleScheduleEnv } from '../shared/environment.ts';
import { access } from './access.ts';
import type { Wiring } from './access.ts';
import type { Articles } from './articles.ts';
import { schedulerRole } from './scheduler-role.ts';
import { ServiceFunction } from './service-function.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';
import { toSend, WorkQueue } from './work-queue.ts';

export interface ReleaseProps {
  readonly stage: Stage;
  readonly articles: Articles;
}

const TIMEOUT = Duration.seconds(10);

/** Settles articles again when an embargo or expiry is due. */
export class Release extends Construct {
  readonly queue: WorkQueue;
  readonly schedules: ScheduleGroup;
  readonly #scheduler: Role;

  constructor(scope: Construct, id: string, { stage, articles }: ReleaseProps) {
    super(scope, id);
    this.queue = new WorkQueue(this, 'Queue', {
      stage,
      name: 'release',
      workTimeout: TIMEOUT,
      maxReceiveCount: 10,
      // Messages wait here by design for the last minutes before an embargo, at most SQS's maximum delay of 15 minutes.
      staleAfter: Duration.minutes(20),
    });
    this.schedules = new ScheduleGroup(this, 'Schedules', {
      scheduleGroupName: nameIn(stage),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#scheduler = schedulerRole(this, 'Scheduler', this.schedules);
    this.queue.grantSendMessages(this.#scheduler);

    const release = new ServiceFunction<ReleaseEnv>(this, 'Release', {
      stage,
      name: 'release',
      description: 'An embargo or an expiry came due: settles the article.',
      timeout: TIMEOUT,
      requeuesItself: true,
      memorySize: 512,
      environment: { ARTICLES_TABLE: articles.toSettle(), ...this.toScheduleSettle() },
    });
    this.queue.feed(release, { batchSize: 10, maxConcurrency: 10 });
  }

  toScheduleSettle(): Wiring<SettleScheduleEnv> {
    const schedules = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.schedules.scheduleGroupName}/*`,
    });
    return {
      RELEASE_QUEUE_URL: toSend(this.queue),
      RELEASE_QUEUE_ARN: this.queue.queueArn,
      SCHEDULE_GROUP: access(this.schedules.scheduleGroupName, {
        actions: ['scheduler:CreateSchedule'],
        resources: [schedules],
        wildcardReason:
          "The name of a schedule contains the article and the instant of its settle; the group is Pressrun's own.",
      }),
      SCHEDULE_ROLE_ARN: access(this.#scheduler.roleArn, {
        actions: ['iam:PassRole'],
        resources: [this.#scheduler.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    };
  }
}
