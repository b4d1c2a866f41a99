import { Duration, Validations } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { access } from './access.ts';
import type { Access } from './access.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';

export interface DeadLetterQueueProps {
  readonly stage: Stage;
  /** Name without the suffix `-dlq`. */
  readonly name: string;
  /** Number of messages at which the alarm fires; 1 by default. */
  readonly alarmThreshold?: number | undefined;
}

/** A dead-letter queue: SQS's maximum retention (14 days), with an alarm. */
export class DeadLetterQueue extends Queue {
  readonly alarmThreshold: number;

  constructor(scope: Construct, id: string, { stage, name, alarmThreshold = 1 }: DeadLetterQueueProps) {
    super(scope, id, {
      queueName: nameIn(stage, `${name}-dlq`),
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      encryption: QueueEncryption.SQS_MANAGED,
    });
    const reason = 'A dead-letter queue has none of its own: its alarm fires, and an operator decides.';
    Validations.of(this).acknowledge(
      { id: 'AwsSolutions-SQS3', reason },
      { id: 'Serverless-SQSRedrivePolicy', reason },
    );
    this.alarmThreshold = alarmThreshold;
  }
}

export interface WorkQueueProps {
  readonly stage: Stage;
  readonly name: string;
  /** Timeout of the function that reads the queue; the visibility timeout is six times as long. */
  readonly workTimeout: Duration;
  /** Deliveries before a message goes to the dead-letter queue, one visibility timeout apart. */
  readonly maxReceiveCount: number;
  /** Retention of messages; SQS's default of four days if omitted. */
  readonly retention?: Duration;
  /** Age of the oldest message at which the alarm fires. */
  readonly staleAfter: Duration;
  /** Dead letters at which the alarm fires. */
  readonly alarmThreshold?: number;
}

export interface ConsumerProps {
  readonly batchSize: number;
  /**
   * Maximum concurrency of the event source. Required, because without it Lambda receives more messages than it can
   * process, and each throttled batch uses up a delivery.
   */
  readonly maxConcurrency: number;
}

/** A queue for one function, with its dead-letter queue. */
export class WorkQueue extends Queue {
  readonly deadLetters: DeadLetterQueue;
  readonly staleAfter: Duration;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    const { stage, name, workTimeout, maxReceiveCount, staleAfter } = props;
    const deadLetters = new DeadLetterQueue(scope, `${id}DeadLetters`, {
      stage,
      name,
      alarmThreshold: props.alarmThreshold,
    });
    super(scope, id, {
      queueName: nameIn(stage, name),
      // Six times the timeout, as Lambda's guide recommends.
      visibilityTimeout: Duration.seconds(workTimeout.toSeconds() * 6),
      ...(props.retention === undefined ? {} : { retentionPeriod: props.retention }),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount },
      enforceSSL: true,
      encryption: QueueEncryption.SQS_MANAGED,
    });
    this.deadLetters = deadLetters;
    this.staleAfter = staleAfter;
  }

  /** Reports batch item failures, so that one failed message does not repeat the rest of its batch. */
  feed({ function: consumer }: { readonly function: IFunction }, { batchSize, maxConcurrency }: ConsumerProps): void {
    consumer.addEventSource(
      new SqsEventSource(this, {
        // No batching window: with one, Lambda may wait 20 seconds at low traffic, whatever its length.
        batchSize,
        maxConcurrency,
        reportBatchItemFailures: true,
      }),
    );
    Validations.of(consumer).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'Lambda supports none for a queue: failed messages go to its dead-letter queue.',
    });
  }
}

/** Lets a function receive and delete messages of the queue by itself. */
export function toCollect(queue: Queue): Access {
  return access(queue.queueUrl, {
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'],
    resources: [queue.queueArn],
  });
}

export function toSend(queue: Queue): Access {
  return access(queue.queueUrl, { actions: ['sqs:SendMessage'], resources: [queue.queueArn] });
}

/** Lets a function set the retry delay of a failed message. */
export function toPostpone(queue: Queue): Access {
  return access(queue.queueUrl, { actions: ['sqs:ChangeMessageVisibility'], resources: [queue.queueArn] });
}
