import { setTimeout as pause } from 'node:timers/promises';
import {
  DeleteRuleCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  DescribeRuleCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
  StartReplayCommand,
  type EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import { subscriptionTypes } from '../../shared/events/subscription.ts';
import { articleEvents, frontEvents } from '../../shared/article/version.ts';
import { WrongUse } from './exits.ts';
import type { Connection } from './connection.ts';

export interface ReplayOrder {
  /** Epoch ms, both of them. */
  readonly from: number;
  readonly to: number;
  /** Only these event types. Default: all. */
  readonly types?: readonly string[] | undefined;
  /** Replays announcements to this subscription alone. Default: incoming events, to `store` alone. */
  readonly subscription?: string | undefined;
}

export interface Replayed {
  readonly replay: string;
  readonly state: string;
  /** Time of the last replayed event. Absent if there was none. */
  readonly lastEvent?: string;
}

const pollIntervalMs = 500;

/**
 * Replays an archive of the bus to `store` or to one subscription alone, and waits for its end. The replay continues if
 * this process stops.
 */
export async function replay(
  { eventBridge, stage }: Pick<Connection, 'eventBridge' | 'stage'>,
  order: ReplayOrder,
  now: number,
): Promise<Replayed> {
  const { from, to, subscription, types = [] } = order;
  const bus = `pressrun-${stage}`;
  const name = `replay-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  const rules = await rulesFor({ eventBridge, stage }, order);
  const archive = await eventBridge.send(
    new DescribeArchiveCommand({ ArchiveName: subscription === undefined ? bus : `${bus}-announced` }),
  );
  const own: OwnRule[] = [];
  try {
    const ruleArns: string[] = [];
    for (const rule of rules) {
      if (types.length > 0)
        own.push({
          EventBusName: bus,
          Name: `${bus}-replay-${name.replace(/^\w+-/, '')}${own.length === 0 ? '' : `-${own.length}`}`,
          targetIds: [],
        });
      const mine = own.at(-1);
      ruleArns.push(mine === undefined ? rule.arn : await narrowed(eventBridge, { own: mine, rule, types, name }));
    }
    await eventBridge.send(
      new StartReplayCommand({
        ReplayName: name,
        EventSourceArn: archive.ArchiveArn,
        // An event's time has whole seconds, so the archive may hold events of this one.
        EventStartTime: new Date(Math.floor(from / 1000) * 1000),
        EventEndTime: new Date(to),
        Destination: { Arn: archive.EventSourceArn, FilterArns: ruleArns },
      }),
    );
    return await endOf(eventBridge, name);
  } finally {
    for (const rule of own) await takeAway(eventBridge, rule);
  }
}

/**
 * Returns the rules that the replay targets. @throws {WrongUse} The order is invalid. Called before the user is asked
 * to confirm.
 */
export async function rulesFor(
  { eventBridge, stage }: Pick<Connection, 'eventBridge' | 'stage'>,
  { from, to, types = [], subscription }: ReplayOrder,
): Promise<readonly DeployedRule[]> {
  if (from >= to) throw new WrongUse('--from must be earlier than --to');
  const rules = await rulesOf(eventBridge, `pressrun-${stage}`, subscription);
  for (const { name, pattern } of rules) {
    const wanted = subscriptionTypes(pattern) ?? [...articleEvents, ...frontEvents];
    const unknown = types.filter((type) => !wanted.includes(type));
    if (unknown.length > 0)
      throw new WrongUse(
        `--types: ${unknown.map((type) => type || 'nothing').join(', ')} never went to ${name}, which takes ${wanted.join(', ')}`,
      );
  }
  return rules;
}

interface DeployedRule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: Readonly<Record<string, unknown>>;
}

/** For one replay. */
interface OwnRule {
  readonly EventBusName: string;
  readonly Name: string;
  readonly targetIds: string[];
}

/**
 * The rule of a subscription, or the rules that lead to `store`. Sources with a lane of their own have a rule of their
 * own.
 */
async function rulesOf(
  eventBridge: EventBridgeClient,
  bus: string,
  subscription: string | undefined,
): Promise<readonly DeployedRule[]> {
  const name = `${bus}-${subscription === undefined ? 'commands' : `to-${subscription}`}`;
  const rule = await ruleNamed(eventBridge, bus, name);
  if (!rule)
    throw new WrongUse(
      subscription === undefined
        ? `there is no rule ${name}: is ${bus} deployed?`
        : `nobody subscribed as ${subscription}: see context subscriptions`,
    );
  const slow = subscription === undefined ? await ruleNamed(eventBridge, bus, `${bus}-slow-commands`) : undefined;
  return slow ? [rule, slow] : [rule];
}

async function ruleNamed(eventBridge: EventBridgeClient, bus: string, name: string): Promise<DeployedRule | undefined> {
  try {
    const { Arn = '', EventPattern = '{}' } = await eventBridge.send(
      new DescribeRuleCommand({ EventBusName: bus, Name: name }),
    );
    return { name, arn: Arn, pattern: JSON.parse(EventPattern) as Readonly<Record<string, unknown>> };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** A rule with the targets of another, which only this replay's events of these types match; its ARN. */
async function narrowed(
  eventBridge: EventBridgeClient,
  {
    own,
    rule,
    types,
    name,
  }: { readonly own: OwnRule; readonly rule: DeployedRule; readonly types: readonly string[]; readonly name: string },
): Promise<string> {
  const { EventBusName, Name } = own;
  const { Targets = [] } = await eventBridge.send(new ListTargetsByRuleCommand({ EventBusName, Rule: rule.name }));
  const { RuleArn = '' } = await eventBridge.send(
    new PutRuleCommand({
      EventBusName,
      Name,
      EventPattern: JSON.stringify({ ...rule.pattern, 'detail-type': types, 'replay-name': [name] }),
      Description: 'For one replay; it can be deleted.',
    }),
  );
  const { FailedEntries = [] } = await eventBridge.send(new PutTargetsCommand({ EventBusName, Rule: Name, Targets }));
  own.targetIds.push(...Targets.flatMap(({ Id }) => Id ?? []));
  if (FailedEntries[0])
    throw new Error(`the replay's rule was refused its target: ${FailedEntries[0].ErrorMessage ?? ''}`);
  return RuleArn;
}

async function takeAway(eventBridge: EventBridgeClient, { EventBusName, Name, targetIds }: OwnRule): Promise<void> {
  if (targetIds.length > 0)
    await eventBridge.send(new RemoveTargetsCommand({ EventBusName, Rule: Name, Ids: [...targetIds] }));
  await eventBridge.send(new DeleteRuleCommand({ EventBusName, Name }));
}

/** Waits for the end of a replay. */
export async function endOf(eventBridge: EventBridgeClient, name: string): Promise<Replayed> {
  for (;;) {
    const {
      State = '',
      StateReason,
      EventLastReplayedTime,
    } = await eventBridge.send(new DescribeReplayCommand({ ReplayName: name }));
    if (State === 'FAILED')
      throw new Error(`the replay ${name} failed: ${StateReason ?? 'EventBridge does not say why'}`);
    if (State === 'COMPLETED' || State === 'CANCELLED')
      return {
        replay: name,
        state: State,
        ...(EventLastReplayedTime && { lastEvent: EventLastReplayedTime.toISOString() }),
      };
    await pause(pollIntervalMs);
  }
}
