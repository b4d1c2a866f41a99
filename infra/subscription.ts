import { Duration, Validations } from 'aws-cdk-lib';
import { ApiDestination, Authorization, Connection, EventBus, HttpMethod, Rule } from 'aws-cdk-lib/aws-events';
import type { IApiDestination, IRuleTarget } from 'aws-cdk-lib/aws-events';
import {
  ApiDestination as ApiDestinationTarget,
  EventBus as EventBusTarget,
  SqsQueue,
} from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { TellEnv } from '../functions/tell/env.ts';
import { patternOf } from '../shared/events/subscription.ts';
import type { InternalInterest, Interest } from '../shared/events/subscription.ts';
import { access } from './access.ts';
import type { Bus } from './bus.ts';
import { ServiceFunction } from './service-function.ts';
import { nameIn, removalOf } from './stage.ts';
import type { Stage } from './stage.ts';
import { DeadLetterQueue, toPostpone, WorkQueue } from './work-queue.ts';

/** Where announcements go. */
export type Destination =
  /** Work for a function of the house: the queue is fed, and its dead letters are the subscription's. */
  | { readonly queue: WorkQueue }
  /** A queue that exists already. Its owner lets `events.amazonaws.com` send to it. */
  | { readonly queueArn: string }
  /** A function, through a queue: what it fails to do comes back, and is kept in the end. */
  | { readonly function: IFunction; readonly workTimeout: Duration }
  /** An address that takes signed POSTs. What they are signed with is made here: `pressrun-<stage>-to-<name>` in Secrets Manager. */
  | { readonly webhook: string }
  /** Whoever knows a caller by a key in a header. The key is made here: `pressrun-<stage>-to-<name>` in Secrets Manager. */
  | { readonly apiDestination: { readonly url: string; readonly header: string } }
  /** A bus, of this account or of another, whose policy lets this account put events. */
  | { readonly busArn: string };

export interface SubscriptionProps extends Interest, InternalInterest {
  readonly stage: Stage;
  readonly bus: Bus;
  /** Whoever subscribes; names the rule, and the queues that are made for it: `pressrun-<stage>-to-<name>`. */
  readonly name: string;
  readonly to: Destination;
}

/** EventBridge's most patient: a day of attempts, and then still not lost. */
const RETRY_POLICY = { maxEventAge: Duration.hours(24), retryAttempts: 185 };

/** Five receivers at once that take their ten seconds each, and what comes around them. */
const TELL_TIMEOUT = Duration.seconds(30);

const CHANGED_BY_HAND = {
  id: 'AwsSolutions-SMG4',
  reason: 'The other end is the subscriber, into which a person pastes it.',
};

/** One more than `tell` has pauses in between. */
const TELL_ATTEMPTS = 10;

/** Whoever wants to be told, which of it, and where to. What cannot be delivered ends in a dead-letter queue; Monitoring finds all of it. */
export class Subscription extends Construct {
  readonly rule: Rule;
  readonly #bus: Bus;

  constructor(
    scope: Construct,
    id: string,
    { stage, bus, name, to, withCanary, withoutRebuilds, ...interest }: SubscriptionProps,
  ) {
    super(scope, id);
    const pattern = patternOf(interest, { withCanary, withoutRebuilds });
    this.rule = new Rule(this, 'Rule', {
      ruleName: nameIn(stage, `to-${name}`),
      eventBus: bus.bus,
      eventPattern: {
        source: pattern.source,
        detailType: pattern['detail-type'],
        ...(pattern.detail !== undefined && { detail: pattern.detail }),
      },
    });
    this.#bus = bus;
    this.rule.addTarget(
      'webhook' in to ? this.#webhook(to.webhook, stage, name) : this.#target(to, stage, `to-${name}`),
    );
  }

  #target(to: Exclude<Destination, { readonly webhook: string }>, stage: Stage, name: string): IRuleTarget {
    if ('queue' in to) return this.#sendingTo(to.queue);
    if ('function' in to) {
      const queue = workQueueFor(this, { stage, name, workTimeout: to.workTimeout });
      queue.feed(to, { batchSize: 10, maxConcurrency: 5 });
      return this.#sendingTo(queue);
    }
    const deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { stage, name });
    this.#bus.admitReplays(deadLetterQueue);
    if ('queueArn' in to)
      return new SqsQueue(Queue.fromQueueArn(this, 'Queue', to.queueArn), { ...RETRY_POLICY, deadLetterQueue });
    // EventBridge takes no retry policy for a bus: its own is a day.
    if ('busArn' in to)
      return new EventBusTarget(EventBus.fromEventBusArn(this, 'Bus', to.busArn), { deadLetterQueue });
    return new ApiDestinationTarget(this.#apiDestination(to.apiDestination, stage, name), {
      ...RETRY_POLICY,
      deadLetterQueue,
    });
  }

  #sendingTo(queue: WorkQueue): SqsQueue {
    for (const one of [queue, queue.deadLetters]) this.#bus.admitReplays(one);
    return new SqsQueue(queue, { ...RETRY_POLICY, deadLetterQueue: queue.deadLetters });
  }

  #webhook(url: string, stage: Stage, subscriber: string): IRuleTarget {
    const name = `to-${subscriber}`;
    const secret = new Secret(this, 'Secret', {
      secretName: nameIn(stage, name),
      description: `What ${url} knows this stage's webhooks by: current, and previous while it is being changed.`,
      // Letters and digits, as many as make whole bytes in base64, which is how Standard Webhooks reads a secret.
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ previous: '' }),
        generateStringKey: 'current',
        excludePunctuation: true,
        passwordLength: 40,
      },
      removalPolicy: removalOf(stage),
    });
    Validations.of(secret).acknowledge(CHANGED_BY_HAND);
    const queue = new WorkQueue(this, 'Queue', {
      stage,
      name,
      workTimeout: TELL_TIMEOUT,
      maxReceiveCount: TELL_ATTEMPTS,
      // Tried again and again for a day; whoever is down for an hour has a problem that somebody should know of.
      staleAfter: Duration.hours(1),
    });
    const notify = new ServiceFunction<TellEnv>(this, 'Tell', {
      stage,
      name: 'tell',
      of: subscriber,
      description: `Tells ${new URL(url).host} what was announced.`,
      timeout: TELL_TIMEOUT,
      memorySize: 256,
      environment: {
        SUBSCRIBER: subscriber,
        WEBHOOK_URL: url,
        SECRET_PREFIX: access(nameIn(stage, 'to-'), {
          actions: ['secretsmanager:GetSecretValue'],
          resources: [secret.secretArn],
        }),
        QUEUE_URL: toPostpone(queue),
      },
    });
    queue.feed(notify, { batchSize: 5, maxConcurrency: 2 });
    return this.#sendingTo(queue);
  }

  #apiDestination(
    { url, header }: { readonly url: string; readonly header: string },
    stage: Stage,
    name: string,
  ): IApiDestination {
    const key = new Secret(this, 'Key', {
      secretName: nameIn(stage, name),
      description: `The key that ${url} knows this stage by, in ${header}. A change of it takes a deployment to be known.`,
      generateSecretString: { excludePunctuation: true, passwordLength: 40 },
      removalPolicy: removalOf(stage),
    });
    Validations.of(key).acknowledge(CHANGED_BY_HAND);
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
  return new WorkQueue(scope, 'Queue', {
    stage,
    name,
    workTimeout,
    maxReceiveCount: 10,
    staleAfter: Duration.hours(1),
  });
}
