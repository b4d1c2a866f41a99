import { Duration, RemovalPolicy, SecretValue, Validations } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { SweepEnv } from '../functions/sweep/env.ts';
import type { Source } from '../shared/cms/source.ts';
import { busSourceOf, sources } from '../shared/cms/sources.ts';
import type { GivenSettings } from '../shared/cms/sources.ts';
import { access, allow } from './access.ts';
import type { Access } from './access.ts';
import type { Articles } from './articles.ts';
import type { Bus } from './bus.ts';
import type { Feeds } from './feeds.ts';
import type { Ingest } from './ingest.ts';
import type { PayloadStore } from './payload-store.ts';
import { schedulerRole } from './scheduler-role.ts';
import { ServiceFunction } from './service-function.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';

export interface SweepProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly articles: Articles;
  readonly feeds: Feeds;
  readonly payloads: PayloadStore;
  readonly ingest: Ingest;
  readonly settings: GivenSettings;
  readonly every: Duration;
}

/** Queries the CMSes' APIs for changes that webhooks lost. */
export class Sweep extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { stage, bus, articles, feeds, payloads, ingest, settings, every }: SweepProps,
  ) {
    super(scope, id);
    const asked = sources.filter(({ api }) => api !== undefined);
    const sweep = new ServiceFunction<SweepEnv>(this, 'Sweep', {
      stage,
      name: 'sweep',
      description:
        "Asks the CMSes' APIs for changes that webhooks lost, and puts events that were never stored on the bus.",
      timeout: Duration.minutes(5),
      memorySize: 512,
      environment: {
        ARTICLES_TABLE: articles.toSweep(),
        FEEDS_TABLE: feeds.toDeliver(),
        BUS_NAME: bus.toPublish(...asked.map(busSourceOf)),
        PAYLOADS_BUCKET: payloads.toPut(),
        API_KEY_PREFIX: this.#toReadKeys(
          stage,
          asked.filter(({ name }) => settings[name] !== undefined),
        ),
        SECRET_PREFIX: ingest.toReadSecrets(),
        SOURCES: JSON.stringify(settings),
      },
    });
    // Without a CMS that has an API, the schedule would have a cost and no effect.
    if (asked.some(({ name }) => settings[name] !== undefined)) {
      const scheduleGroup = new ScheduleGroup(this, 'Schedules', {
        scheduleGroupName: nameIn(stage, 'sweep'),
        removalPolicy: RemovalPolicy.DESTROY,
      });
      const role = schedulerRole(this, 'Scheduler', scheduleGroup);
      allow(role, { actions: ['lambda:InvokeFunction'], resources: [sweep.function.functionArn] });
      new Schedule(this, 'Schedule', {
        scheduleName: nameIn(stage, 'sweep'),
        scheduleGroup,
        schedule: ScheduleExpression.rate(every),
        // No retries: the next sweep covers the same changes. `withoutPolicyUpdates` keeps CDK from allowing every
        // version of the function.
        target: new LambdaInvoke(sweep.function, {
          role: role.withoutPolicyUpdates(),
          retryAttempts: 0,
          maxEventAge: Duration.minutes(1),
        }),
      });
    }
  }

  /**
   * Creates a secret for the API key of each configured CMS. `ingest`, which is public, has no permission to read it.
   */
  #toReadKeys(stage: Stage, asked: readonly Source[]): Access | string {
    const keys = asked.map(
      ({ name }) =>
        new Secret(this, `Key-${name}`, {
          secretName: nameIn(stage, `sweep-${name}`),
          description: `The key of the API of ${name}, for sweep: {"api":"..."}.`,
          // A placeholder. The operator writes the key, and CloudFormation does not overwrite it while this text stays
          // the same.
          secretStringValue: SecretValue.unsafePlainText(JSON.stringify({ api: '' })),
          // Deleted in production too: a key that stayed would block its name when the source is configured again.
          removalPolicy: RemovalPolicy.DESTROY,
        }),
    );
    const prefix = nameIn(stage, 'sweep-');
    if (keys.length === 0) return prefix;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'The CMS makes the key, and a person pastes it here.',
    });
    return access(prefix, {
      actions: ['secretsmanager:GetSecretValue'],
      resources: keys.map(({ secretArn }) => secretArn),
    });
  }
}
