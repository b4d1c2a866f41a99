import { Duration } from 'aws-cdk-lib';
import { ApiDestination, Authorization, Connection, EventBus, HttpMethod, Rule } from 'aws-cdk-lib/aws-events';
import type { IApiDestination, IRuleTarget } from 'aws-cdk-lib/aws-events';
import { ApiDestination as ApiDestinationTarget, EventBus as EventBusTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { patternOf } from '../shared/subscription.ts';
import type { Interest } from '../shared/subscription.ts';
import type { Bus } from './bus.ts';
import { nameIn, removalOf } from './stage.ts';
import type { Stage } from './stage.ts';
import { DeadLetterQueue, WorkQueue } from './work-queue.ts';

/** Where announcements go. */
export type Destination =
  /** Work for a function of the house: the queue is fed, and its dead letters are the subscription's. */
  | { readonly queue: WorkQueue }
  /** A queue that exists already. Its owner lets `events.amazonaws.com` send to it. */
  | { readonly queueArn: string }
  /** A function, through a queue: what it fails to do comes back, and is kept in the end. */
  | { readonly function: IFunction; readonly workTimeout: Duration }
  /** Whoever knows a caller by a key in a header. The key is made here: `pressrun-<stage>-to-<name>` in Secrets Manager. */
  | { readonly apiDestination: { readonly url: string; readonly header: string } }
  /** A bus, of this account or of another, whose policy lets this account put events. */
  | { readonly busArn: string };

export interface SubscriptionProps extends Interest {
  readonly stage: Stage;
  readonly bus: Bus;
  /** Whoever subscribes; names the rule, and the queues that are made for it: `pressrun-<stage>-to-<name>`. */
  readonly name: string;
  readonly to: Destination;
}

/** EventBridge's most patient: a day of attempts, and then still not lost. */
const PATIENCE = { maxEventAge: Duration.hours(24), retryAttempts: 185 };

/** Whoever wants to be told, which of it, and where to. What cannot be delivered ends in a dead-letter queue; Monitoring finds all of it. */
export class Subscription extends Construct {
  readonly rule: Rule;

  constructor(scope: Construct, id: string, { stage, bus, name, to, ...interest }: SubscriptionProps) {
    super(scope, id);
    const pattern = patternOf(interest);
    this.rule = new Rule(this, 'Rule', {
      ruleName: nameIn(stage, `to-${name}`),
      eventBus: bus.bus,
      eventPattern: {
        source: pattern.source,
        detailType: pattern['detail-type'],
        ...(pattern.detail !== undefined && { detail: pattern.detail }),
      },
    });
    this.rule.addTarget(this.#target(to, stage, `to-${name}`));
  }

  #target(to: Destination, stage: Stage, name: string): IRuleTarget {
    if ('queue' in to) return new SqsQueue(to.queue, { ...PATIENCE, deadLetterQueue: to.queue.deadLetters });
    if ('function' in to) {
      const queue = workQueueFor(this, { stage, name, workTimeout: to.workTimeout });
      to.function.addEventSource(new SqsEventSource(queue, { batchSize: 10, maxConcurrency: 5, reportBatchItemFailures: true }));
      return new SqsQueue(queue, { ...PATIENCE, deadLetterQueue: queue.deadLetters });
    }
    const deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { stage, name });
    if ('queueArn' in to) return new SqsQueue(Queue.fromQueueArn(this, 'Queue', to.queueArn), { ...PATIENCE, deadLetterQueue });
    // EventBridge takes no retry policy for a bus: its own is a day.
    if ('busArn' in to) return new EventBusTarget(EventBus.fromEventBusArn(this, 'Bus', to.busArn), { deadLetterQueue });
    return new ApiDestinationTarget(this.#apiDestination(to.apiDestination, stage, name), { ...PATIENCE, deadLetterQueue });
  }

  #apiDestination({ url, header }: { readonly url: string; readonly header: string }, stage: Stage, name: string): IApiDestination {
    const key = new Secret(this, 'Key', {
      secretName: nameIn(stage, name),
      description: `The key that ${url} knows this stage by, in ${header}. A change of it takes a deployment to be known.`,
      generateSecretString: { excludePunctuation: true, passwordLength: 40 },
      removalPolicy: removalOf(stage),
    });
    const connection = new Connection(this, 'Connection', {
      connectionName: nameIn(stage, name),
      authorization: Authorization.apiKey(header, key.secretValue),
    });
    const { apiDestinationArn } = new ApiDestination(this, 'ApiDestination', {
      apiDestinationName: nameIn(stage, name),
      endpoint: url,
      httpMethod: HttpMethod.POST,
      connection,
    });
    // By its attributes, because CDK's class is not quite CDK's interface where absent is not undefined.
    return ApiDestination.fromApiDestinationAttributes(this, 'Target', { apiDestinationArn, connection });
  }
}

export interface OutsideQueueProps {
  readonly stage: Stage;
  readonly name: string;
  /** Timeout of whatever reads the queue. */
  readonly workTimeout: Duration;
}

/** A queue for somebody else's work. */
export function workQueueFor(scope: Construct, { stage, name, workTimeout }: OutsideQueueProps): WorkQueue {
  return new WorkQueue(scope, 'Queue', { stage, name, workTimeout, maxReceiveCount: 10, staleAfter: Duration.hours(1) });
}
