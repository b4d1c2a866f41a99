import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bus } from '../../infra/bus.ts';
import { Monitoring } from '../../infra/monitoring.ts';
import { stageNamed } from '../../infra/stage.ts';
import { Subscriptions } from '../../infra/subscriptions.ts';
import { acceptSubscriptions } from '../../shared/events/subscription.ts';
import { logicalIdsIn, namedIn } from '../../tools/inventory/physical-names.ts';
import type { Template as Resources } from '../../tools/inventory/template.ts';
import { everything } from './settings-at-bounds.ts';
import { synthesise } from './synthesised.ts';

const templateOf = (template: Template): Resources => template.toJSON() as Resources;

/**
 * CloudFormation creates new resources before it deletes old ones. If a name moves to another logical id, it is still
 * in use and the deployment fails.
 */
function movedBetween(one: Template, other: Template): string[] {
  const before = namedIn(templateOf(one));
  return [...namedIn(templateOf(other))].flatMap(([name, { id }]) => {
    const was = before.get(name)?.id ?? id;
    return was === id ? [] : [`${name}: ${was} → ${id}`];
  });
}

/** Resources that are retained when a setting is removed, with names that conflict when the setting returns. */
function leftBehind(withSetting: Template, without: Template): string[] {
  const after = namedIn(templateOf(without));
  return [...namedIn(templateOf(withSetting))]
    .filter(([name, { isKept }]) => isKept && !after.has(name))
    .map(([name]) => name);
}

const destinations = {
  none: undefined,
  own: { queue: true },
  theirs: { queue: 'arn:aws:sqs:eu-west-1:123456789012:theirs' },
  code: { function: 'arn:aws:lambda:eu-west-1:123456789012:function:code' },
  hook: { webhook: 'https://search.example.com/' },
  address: { apiDestination: { url: 'https://search.example.com/', header: 'x-key' } },
  bus: { bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/theirs' },
};

/** A stack with this subscription and its alarms. */
function subscribedTo(to: object | undefined): Template {
  const stage = stageNamed('prod');
  const accepted = acceptSubscriptions(to === undefined ? {} : { search: { events: ['article.live'], ...to } });
  if ('issues' in accepted) throw new Error(JSON.stringify(accepted.issues));
  const stack = new Stack(new App({ analyticsReporting: false }), 'Small');
  const bus = new Bus(stack, 'Bus', { stage, archiveFor: Duration.days(1) });
  new Subscriptions(stack, 'Subscriptions', { stage, bus, given: accepted.subscriptions });
  new Monitoring(stack, 'Monitoring', { stage });
  return Template.fromStack(stack);
}

const subscribed = Object.entries(destinations).map(([kind, to]) => [kind, subscribedTo(to)] as const);
const bare = synthesise({ stage: 'prod' }).template;
const all = synthesise(everything).template;

describe('a change of settings moves no physical name to another logical id', () => {
  test.each(subscribed)('if a subscription of kind %s becomes any other kind', (_, before) => {
    for (const [, after] of subscribed) expect(movedBetween(before, after)).toEqual([]);
  });

  test('if every optional part is added or removed', () => {
    expect([...movedBetween(bare, all), ...movedBetween(all, bare)]).toEqual([]);
  });
});

test('a new version moves no physical name to another logical id (new names: npm run inventory)', () => {
  const file = new URL('../fixtures/logical-ids.json', import.meta.url);
  expect(logicalIdsIn(templateOf(all))).toEqual(JSON.parse(readFileSync(file, 'utf8')));
});

test('a part that is removed leaves no physical name behind that blocks its return', () => {
  expect(leftBehind(all, bare)).toEqual([]);
  for (const [, before] of subscribed) expect(leftBehind(before, subscribedTo(undefined))).toEqual([]);
});

test('the key of an API destination is read again when the setting names its next version', () => {
  const connectionOf = (keyVersion?: number): unknown => {
    const apiDestination = { url: 'https://search.example.com/', header: 'x-key', ...(keyVersion && { keyVersion }) };
    const [connection] = Object.values(subscribedTo({ apiDestination }).findResources('AWS::Events::Connection'));
    return connection?.['Properties'];
  };
  expect(connectionOf(2)).not.toEqual(connectionOf());
  expect(connectionOf(1)).toEqual(connectionOf());
});
