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
  /** Without the `-dlq` that the queue's name ends in. */
  readonly name: string;
  /** How many messages lie there when the alarm rings; the first one unless told. */
  readonly alarmThreshold?: number | undefined;
}

/** Where work ends that could not be done: kept as long as SQS can, and alarmed on. */
export class DeadLetterQueue extends Queue {
  readonly alarmThreshold: number;

  constructor(scope: Construct, id: string, { stage, name, alarmThreshold = 1 }: DeadLetterQueueProps) {
    super(scope, id, {
      queueName: nameIn(stage, `${name}-dlq`),
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      encryption: QueueEncryption.SQS_MANAGED,
    });
    const reason = 'Nothing comes after the last resort: an alarm rings, and a person decides.';
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
  /** Timeout of the function that reads the queue: a message must not come back while it is still at work. */
  readonly workTimeout: Duration;
  /** How long the reader may collect messages before it starts. */
  readonly window?: Duration;
  /** Deliveries before a message is given up, with a visibility timeout between each two. */
  readonly maxReceiveCount: number;
  /** How long a message may wait; SQS' own four days unless told. */
  readonly retention?: Duration;
  /** The age of the oldest message from which the alarm rings. */
  readonly staleAfter: Duration;
  /** How many dead letters it takes to ring. */
  readonly alarmThreshold?: number;
}

export interface ConsumerProps {
  readonly batchSize: number;
  /** Functions at work at once. Set on every queue: a mapping without it fetches more than it can place, and each throttled batch costs a delivery. */
  readonly maxConcurrency: number;
}

/** A queue with work for one function, and the dead-letter queue for what the function cannot do. */
export class WorkQueue extends Queue {
  readonly deadLetters: DeadLetterQueue;
  readonly staleAfter: Duration;
  readonly #window: Duration;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    const { stage, name, workTimeout, maxReceiveCount, staleAfter } = props;
    const window = props.window ?? Duration.seconds(0);
    const deadLetters = new DeadLetterQueue(scope, `${id}DeadLetters`, {
      stage,
      name,
      alarmThreshold: props.alarmThreshold,
    });
    super(scope, id, {
      queueName: nameIn(stage, name),
      // Six times the function's timeout and the window on top, as Lambda's guide has it: room for throttled retries.
      visibilityTimeout: Duration.seconds(workTimeout.toSeconds() * 6 + window.toSeconds()),
      ...(props.retention === undefined ? {} : { retentionPeriod: props.retention }),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount },
      enforceSSL: true,
      encryption: QueueEncryption.SQS_MANAGED,
    });
    this.deadLetters = deadLetters;
    this.staleAfter = staleAfter;
    this.#window = window;
  }

  /** Only messages that fail come back: one bad message never repeats its neighbours. */
  feed({ function: consumer }: { readonly function: IFunction }, { batchSize, maxConcurrency }: ConsumerProps): void {
    consumer.addEventSource(
      new SqsEventSource(this, {
        batchSize,
        maxBatchingWindow: this.#window,
        maxConcurrency,
        reportBatchItemFailures: true,
      }),
    );
    Validations.of(consumer).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'Lambda takes none for a queue: what fails goes to its dead-letter queue.',
    });
  }
}

export function toSend(queue: Queue): Access {
  return access(queue.queueUrl, { actions: ['sqs:SendMessage'], resources: [queue.queueArn] });
}

/** For whoever decides itself when a message that failed comes back. */
export function toPostpone(queue: Queue): Access {
  return access(queue.queueUrl, { actions: ['sqs:ChangeMessageVisibility'], resources: [queue.queueArn] });
}
