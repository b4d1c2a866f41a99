import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { SweepEnv } from '../functions/sweep/env.ts';
import type { GivenSettings } from '../shared/sources.ts';
import { allow } from './access.ts';
import type { Articles } from './articles.ts';
import type { Bus } from './bus.ts';
import type { Feeds } from './feeds.ts';
import type { Ingest } from './ingest.ts';
import type { Parcels } from './parcels.ts';
import { schedulerRole } from './scheduler-role.ts';
import { ServiceFunction } from './service-function.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';

export interface SweepProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly articles: Articles;
  readonly feeds: Feeds;
  readonly parcels: Parcels;
  readonly ingest: Ingest;
  readonly settings: GivenSettings;
  readonly every: Duration;
}

/** Asks the CMSes what their webhooks lost. */
export class Sweep extends Construct {
  constructor(scope: Construct, id: string, { stage, bus, articles, feeds, parcels, ingest, settings, every }: SweepProps) {
    super(scope, id);
    const sweep = new ServiceFunction<SweepEnv>(this, 'Sweep', {
      stage,
      name: 'sweep',
      description: "Asks the CMSes' APIs what their webhooks lost, and puts on the bus what was never stored.",
      timeout: Duration.minutes(5),
      memorySize: 512,
      environment: {
        ARTICLES_TABLE: articles.toSweep(),
        FEEDS_TABLE: feeds.toDeliver(),
        BUS_NAME: bus.toAnnounce(),
        PARCELS_BUCKET: parcels.toPark(),
        SECRET_PREFIX: ingest.toReadSecrets(),
        SOURCES: JSON.stringify(settings),
      },
    });
    // Without a CMS that is set up, the schedule would only cost.
    if (Object.keys(settings).length > 0) {
      const scheduleGroup = new ScheduleGroup(this, 'Schedules', { scheduleGroupName: nameIn(stage, 'sweep'), removalPolicy: RemovalPolicy.DESTROY });
      const role = schedulerRole(this, 'Scheduler', scheduleGroup);
      allow(role, { actions: ['lambda:InvokeFunction'], resources: [sweep.function.functionArn] });
      new Schedule(this, 'Schedule', {
        scheduleName: nameIn(stage, 'sweep'),
        scheduleGroup,
        schedule: ScheduleExpression.rate(every),
        // The next sweep does what this one did not: an attempt that comes late is none too few.
        // The role is closed to CDK, which would permit every version of the function as well.
        target: new LambdaInvoke(sweep.function, { role: role.withoutPolicyUpdates(), retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
      });
    }
  }
}
