import { Duration, Validations } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PickupEnv } from '../functions/pickup/env.ts';
import type { Owners } from '../shared/article/ownership.ts';
import { dropFolder } from '../shared/cms/dropped-file.ts';
import { busSourceOf, sources } from '../shared/cms/sources.ts';
import type { GivenSettings } from '../shared/cms/sources.ts';
import type { Access } from './access.ts';
import type { Bus } from './bus.ts';
import { LOCKED } from './locked-bucket.ts';
import type { PayloadStore } from './payload-store.ts';
import { ServiceFunction } from './service-function.ts';
import { nameIn, removalOf } from './stage.ts';
import type { Stage } from './stage.ts';
import { toSend, WorkQueue } from './work-queue.ts';

export interface PickupProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly payloads: PayloadStore;
  readonly settings: GivenSettings;
  readonly owners: Owners;
  /** `managed` for a bucket of the stack, or the name of another bucket of this account and region. */
  readonly bucket: string;
}

const TIMEOUT = Duration.seconds(30);

/** Longer than an event can wait in the queue (4 days) and then in its dead-letter queue (14 days). */
const KEPT_FOR = Duration.days(30);

/** Intake for agencies that deliver files: what is dropped into the bucket is read like a webhook's body. */
export class Pickup extends Construct {
  readonly bucket: Pick<IBucket, 'bucketName' | 'bucketArn' | 'arnForObjects'>;

  constructor(scope: Construct, id: string, { stage, bus, payloads, settings, owners, bucket }: PickupProps) {
    super(scope, id);
    this.bucket = bucket === 'managed' ? this.#ownBucket(stage) : Bucket.fromBucketName(this, 'Bucket', bucket);
    const queue = new WorkQueue(this, 'Queue', {
      stage,
      name: 'pickup',
      workTimeout: TIMEOUT,
      // A quarter of an hour. A rejected file's event goes to the dead-letter queue at once.
      maxReceiveCount: 5,
      staleAfter: Duration.minutes(5),
    });
    const rule = new Rule(this, 'Rule', {
      ruleName: nameIn(stage, 'pickup'),
      // The account's default bus: S3 sends its events to no other.
      eventBus: EventBus.fromEventBusName(this, 'DefaultBus', 'default'),
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.bucket.bucketName] }, object: { key: [{ prefix: dropFolder }] } },
      },
    });
    rule.addTarget(
      new SqsQueue(queue, { deadLetterQueue: queue.deadLetters, maxEventAge: Duration.hours(24), retryAttempts: 185 }),
    );
    const pickup = new ServiceFunction<PickupEnv>(this, 'Pickup', {
      stage,
      name: 'pickup',
      description: 'Reads files that agencies drop into a bucket, and puts events on the bus.',
      timeout: TIMEOUT,
      memorySize: 512,
      environment: {
        BUS_NAME: bus.toPublish('pressrun', ...sources.map(busSourceOf)),
        PAYLOADS_BUCKET: payloads.toPut(),
        DROP_BUCKET: this.#toRead(),
        REJECTED_QUEUE_URL: toSend(queue.deadLetters),
        SOURCES: JSON.stringify(settings),
        OWNERS: JSON.stringify(owners),
      },
    });
    queue.feed(pickup, { batchSize: 1, maxConcurrency: 10 });
  }

  #ownBucket(stage: Stage): Bucket {
    // CloudFormation chooses the name, because bucket names are global.
    const bucket = new Bucket(this, 'Bucket', {
      ...LOCKED,
      lifecycleRules: [{ expiration: KEPT_FOR, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: removalOf(stage),
    });
    // The CDK's own property adds a function that sets the same in the bucket.
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'The log of pickup names each file that was read, and CloudTrail can record who wrote it.',
    });
    return bucket;
  }

  #toRead(): Access {
    return {
      value: this.bucket.bucketName,
      statements: [
        {
          actions: ['s3:GetObject', 's3:GetObjectVersion'],
          resources: [this.bucket.arnForObjects(`${dropFolder}*`)],
          wildcardReason: 'Agencies name their files.',
        },
        // Without ListBucket, S3 answers 403 for an object that does not exist.
        { actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] },
      ],
    };
  }
}
