import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
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
import type { NotifyEnv } from '../functions/notify/env.ts';
import { patternOf } from '../shared/events/subscription.ts';
import type { InternalInterest, Interest } from '../shared/events/subscription.ts';
import { access } from './access.ts';
import type { Bus } from './bus.ts';
import { rejectLongPattern } from './quotas.ts';
import { ServiceFunction } from './service-function.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';
import { DeadLetterQueue, toPostpone, WorkQueue } from './work-queue.ts';

/** Where a subscription delivers announcements. */
export type Destination =
  /**
   * The queue of one of Pressrun's functions. Its dead-letter queue also takes events that the rule could not deliver.
   */
  | { readonly queue: WorkQueue }
  /** An existing queue. Its policy must let `events.amazonaws.com` send messages. */
  | { readonly queueArn: string }
  /**
   * A queue that the stack creates, and the function that reads it: failed messages are retried, then kept in a
   * dead-letter queue. Without a function, a consumer outside of the stack reads the queue.
   */
  | { readonly workTimeout: Duration; readonly function?: IFunction }
  /** A URL for signed POST requests (Standard Webhooks). The stack creates the secret `pressrun-<stage>-to-<name>`. */
  | { readonly webhook: string }
  /** An API with a key in a header. The stack creates the secret `pressrun-<stage>-to-<name>`. */
  | { readonly apiDestination: ApiAddress }
  /** An event bus of this or another account, whose policy allows this account to put events. */
  | { readonly busArn: string };

interface ApiAddress {
  readonly url: string;
  readonly header: string;
  /** Incremented after each change of the key. */
  readonly keyVersion?: number | undefined;
}

export interface SubscriptionProps extends Interest, InternalInterest {
  readonly stage: Stage;
  readonly bus: Bus;
  /** Name of the subscriber. The rule and the queues are named after it: `pressrun-<stage>-to-<name>`. */
  readonly name: string;
  readonly to: Destination;
}

/** 24 hours and 185 attempts, EventBridge's maximum; then the event goes to the dead-letter queue. */
const RETRY_POLICY = { maxEventAge: Duration.hours(24), retryAttempts: 185 };

/** Enough for five concurrent requests of ten seconds each, and the overhead. */
const TELL_TIMEOUT = Duration.seconds(30);

/** Deleted in production too: a secret that stayed would block its name when the subscription is added again. */
const SECRET_REMOVAL = RemovalPolicy.DESTROY;

const CHANGED_BY_HAND = {
  id: 'AwsSolutions-SMG4',
  reason: 'An operator pastes the secret into the subscriber.',
};

/** One more than the number of pauses in `notify`. */
const TELL_ATTEMPTS = 10;

/**
 * Delivers chosen announcements to one subscriber. Events that cannot be delivered go to a dead-letter queue, on which
 * Monitoring has an alarm. Resources with the same physical name have the same construct path for every kind of
 * destination, because CloudFormation creates a resource of another path before it deletes the old one, and the name is
 * taken then.
 */
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
    rejectLongPattern(`subscriptions.${name}`, pattern);
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
    if ('workTimeout' in to) {
      const queue = new WorkQueue(this, 'Queue', {
        stage,
        name,
        workTimeout: to.workTimeout,
        maxReceiveCount: 10,
        staleAfter: Duration.hours(1),
      });
      if (to.function) queue.feed({ function: to.function }, { batchSize: 10, maxConcurrency: 5 });
      return this.#sendingTo(queue);
    }
    const deadLetterQueue = new DeadLetterQueue(this, 'QueueDeadLetters', { stage, name });
    this.#bus.admitReplays(deadLetterQueue);
    if ('queueArn' in to)
      return new SqsQueue(Queue.fromQueueArn(this, 'Queue', to.queueArn), { ...RETRY_POLICY, deadLetterQueue });
    // EventBridge does not accept a retry policy for a bus; its default is 24 hours.
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
      // Only letters and digits, whose number decodes to whole bytes: Standard Webhooks reads the secret as base64.
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ previous: '' }),
        generateStringKey: 'current',
        excludePunctuation: true,
        passwordLength: 40,
      },
      removalPolicy: SECRET_REMOVAL,
    });
    Validations.of(secret).acknowledge(CHANGED_BY_HAND);
    const queue = new WorkQueue(this, 'Queue', {
      stage,
      name,
      workTimeout: TELL_TIMEOUT,
      maxReceiveCount: TELL_ATTEMPTS,
      // Deliveries are retried for a day; an endpoint that is down for an hour needs attention.
      staleAfter: Duration.hours(1),
    });
    const notify = new ServiceFunction<NotifyEnv>(this, 'Tell', {
      stage,
      name: 'notify',
      functionName: `tell-${subscriber}`,
      description: `Sends announcements to the webhook at ${new URL(url).host}.`,
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

  #apiDestination({ url, header, keyVersion }: ApiAddress, stage: Stage, name: string): IApiDestination {
    const key = new Secret(this, 'Secret', {
      secretName: nameIn(stage, name),
      description: `The key that ${url} knows this stage by, in ${header}. After a change of it, deploy with the next keyVersion.`,
      generateSecretString: { excludePunctuation: true, passwordLength: 40 },
      removalPolicy: SECRET_REMOVAL,
    });
    Validations.of(key).acknowledge(CHANGED_BY_HAND);
    const connection = new Connection(this, 'Connection', {
      connectionName: nameIn(stage, name),
      // CloudFormation reads the secret again only when it updates this resource, so the version must be in it.
      description: `Key version ${keyVersion ?? 1}.`,
      authorization: Authorization.apiKey(header, key.secretValue),
    });
    const { apiDestinationArn } = new ApiDestination(this, 'ApiDestination', {
      apiDestinationName: nameIn(stage, name),
      endpoint: url,
      httpMethod: HttpMethod.POST,
      connection,
    });
    // With exactOptionalPropertyTypes, CDK's class does not match CDK's own interface.
    return ApiDestination.fromApiDestinationAttributes(this, 'Target', { apiDestinationArn, connection });
  }
}
