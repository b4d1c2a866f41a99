import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Archive, EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Effect, Grant, PolicyStatement, ServicePrincipal, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IGrantable, Role } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { busSourceOf, sources } from '../shared/cms/sources.ts';
import { access } from './access.ts';
import type { Access } from './access.ts';
import { rejectLongPattern } from './quotas.ts';
import { nameIn, removalOf } from './stage.ts';
import type { Stage } from './stage.ts';
import { DeadLetterQueue } from './work-queue.ts';

export interface BusProps {
  readonly stage: Stage;
  /** The retention of the archive of incoming events, for replays. */
  readonly archiveFor: Duration;
}

/**
 * Matches incoming events. A replay must not repeat Pressrun's own announcements, and `store` must not receive them.
 */
const FROM_OUTSIDE: EventPattern = { source: Match.anythingBut('pressrun') };

/** Matches Pressrun's announcements, which have an archive of their own. */
const FROM_PRESSRUN: EventPattern = { source: ['pressrun'] };

/** Sources that only functions of the stack may use, by the statement id in the bus's policy. */
const RESERVED = {
  AnnouncementsAreOfPressrun: ['pressrun'],
  CanariesAreOfPressrun: ['pressrun.canary'],
  WebhooksComeThroughTheirEndpoint: sources.map(busSourceOf),
} as const;

/**
 * Conditions on `events:source`, which has the source of each entry of a call: a call is allowed if every source is
 * listed, and denied if any is reserved.
 */
const everySourceIsOneOf = (names: readonly string[]): Record<string, Record<string, unknown>> => ({
  'ForAllValues:StringEquals': { 'events:source': names },
  // Otherwise a call without a source would be allowed.
  Null: { 'events:source': 'false' },
});

/** The event bus: CMSes put events on it, and subscribers receive announcements from it. */
export class Bus extends Construct {
  readonly bus: EventBus;
  readonly #stage: Stage;
  readonly #deadLetters: DeadLetterQueue;
  readonly #publishers = new Map<string, Role[]>();

  constructor(scope: Construct, id: string, { stage, archiveFor }: BusProps) {
    super(scope, id);
    this.#stage = stage;
    this.bus = new EventBus(this, 'Bus', { eventBusName: nameIn(stage) });
    // An archive has a managed rule on its bus, and a bus with rules can't be deleted, so both have the same removal
    // policy.
    this.bus.applyRemovalPolicy(removalOf(stage));
    for (const [part, archiveName, eventPattern] of [
      ['Archive', nameIn(stage), FROM_OUTSIDE],
      ['Announced', nameIn(stage, 'announced'), FROM_PRESSRUN],
    ] as const) {
      const archive = new Archive(this, part, {
        archiveName,
        sourceEventBus: this.bus,
        eventPattern,
        retention: archiveFor,
      });
      archive.applyRemovalPolicy(removalOf(stage));
    }
    this.#deadLetters = new DeadLetterQueue(this, 'DeadLetters', { stage, name: 'bus' });
    for (const [sid, names] of Object.entries(RESERVED)) this.#reserve(sid, names);
  }

  /** Sends every command of a CMS to the queue. Commands of slow sources go to a queue of their own. */
  sendCommandsTo(queue: Queue, slow?: { readonly queue: Queue; readonly sources: readonly string[] }): void {
    this.#send('Commands', 'commands', Match.anythingBut('pressrun', ...(slow?.sources ?? [])), queue);
    if (slow) this.#send('SlowCommands', 'slow-commands', [...slow.sources], slow.queue);
  }

  #send(id: string, name: string, source: string[], queue: Queue): void {
    const eventPattern = { source, detailType: Match.anyOf(Match.prefix('article.'), Match.prefix('front.')) };
    rejectLongPattern('slowSources', Stack.of(this).resolve(eventPattern) as object);
    const rule = new Rule(this, id, { ruleName: nameIn(this.#stage, name), eventBus: this.bus, eventPattern });
    rule.addTarget(
      // 24 hours and 185 attempts, EventBridge's maximum; then the event goes to the dead-letter queue.
      new SqsQueue(queue, { deadLetterQueue: this.#deadLetters, maxEventAge: Duration.hours(24), retryAttempts: 185 }),
    );
    for (const one of [queue, this.#deadLetters]) this.admitReplays(one);
  }

  /**
   * Lets a replay with `pressrun replay --types` send to a queue. Such a replay has a temporary rule of its own, with
   * the targets of a permanent rule.
   */
  admitReplays(queue: Queue): void {
    const rules = Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${this.bus.eventBusName}/${nameIn(this.#stage, 'replay-*')}`,
    });
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': rules } },
      }),
    );
  }

  toAnnounce(): Access {
    return this.toPublish('pressrun');
  }

  /** Lets a function put events of these sources, and of no others. */
  toPublish(...names: readonly string[]): Access {
    return {
      ...access(this.bus.eventBusName, {
        actions: ['events:PutEvents'],
        resources: [this.bus.eventBusArn],
        conditions: everySourceIsOneOf(names),
      }),
      onGrant: (role) => {
        for (const name of names) this.#publishers.set(name, [...(this.#publishers.get(name) ?? []), role]);
      },
    };
  }

  /** Lets a role outside the stack (a CMS, an operator) put events of its own source on the bus. */
  grantPublish(grantee: IGrantable, source: string): Grant {
    if (Object.values(RESERVED).some((names: readonly string[]) => names.includes(source)) || source.startsWith('aws.'))
      throw new Error(`source ${source} is reserved: give the role a source of its own`);
    return Grant.addToPrincipal({
      grantee,
      actions: ['events:PutEvents'],
      resourceArns: [this.bus.eventBusArn],
      conditions: everySourceIsOneOf([source]),
    });
  }

  /**
   * Denies these sources to every principal except the functions that `toPublish` granted them to. A deny in the bus's
   * policy overrides any allow, also of another account. A caller without aws:PrincipalArn is denied too, because a
   * negated operator matches a missing key.
   */
  #reserve(sid: string, names: readonly string[]): void {
    const roles = Lazy.list({
      produce: () =>
        [...new Set(names.flatMap((name) => this.#publishers.get(name) ?? []))].map(({ roleArn }) => roleArn),
    });
    this.bus.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new StarPrincipal()],
        actions: ['events:PutEvents'],
        resources: [this.bus.eventBusArn],
        conditions: {
          'ForAnyValue:StringEquals': { 'events:source': names },
          ArnNotEquals: { 'aws:PrincipalArn': roles },
        },
      }),
    );
  }
}
