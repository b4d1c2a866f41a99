import { describe, expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template as CdkTemplate } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Duration } from 'aws-cdk-lib';
import { Bus } from '../../infra/bus.ts';
import { readAssembly } from '../../tools/laptop/cloudformation/assembly.ts';
import { BusAccess, type Caller } from '../../tools/laptop/events/bus-access.ts';
import { Template } from '../../tools/laptop/cloudformation/template.ts';
import { stageNamed } from '../../infra/stage.ts';
import { busSourceOf, sources } from '../../shared/cms/sources.ts';
import { synthesise } from './synthesised.ts';

describe('the right to put events on the bus', () => {
  const { assembly, template } = synthesise({ stage: 'dev' });
  const resolved = new Template(readAssembly(assembly), { awsUrl: 'http://127.0.0.1:1', edgeHost: '127.0.0.1:2' });
  const access = new BusAccess(resolved);
  const [bus] = resolved.all('AWS::Events::EventBus');

  /** Undefined where IAM allows it, else why not. */
  function rejection(caller: Caller, ...names: readonly string[]): string | undefined {
    if (!bus) throw new Error('there is no bus');
    try {
      access.check(caller, bus, names);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  const of = (name: string): Caller => ({ functionName: `pressrun-dev-${name}` });
  const denied = expect.stringContaining('explicit deny in a resource-based policy') as unknown;

  test('announcements can come only from the functions that announce, whatever else an identity is allowed', () => {
    for (const name of ['store', 'project', 'reconcile', 'purge', 'watch'])
      expect(rejection(of(name), 'pressrun')).toBeUndefined();
    for (const caller of [{}, of('ingest'), of('sweep'), of('deliver'), of('release')])
      expect(rejection(caller, 'pressrun')).toEqual(denied);
    // One forged entry among honest ones.
    expect(rejection({}, 'my-newsroom', 'pressrun')).toEqual(denied);
  });

  test("events of a CMS's source can come only from ingest and sweep, the canary's only from watch", () => {
    for (const source of sources) {
      expect(rejection(of('ingest'), busSourceOf(source))).toBeUndefined();
      expect(rejection(of('sweep'), busSourceOf(source)) === undefined).toBe(source.api !== undefined);
      for (const caller of [{}, of('store'), of('watch')])
        expect(rejection(caller, busSourceOf(source))).toEqual(denied);
    }
    expect([
      rejection(of('watch'), 'pressrun.canary'),
      rejection({}, 'pressrun.canary'),
      rejection(of('ingest'), 'pressrun.canary'),
    ]).toEqual([undefined, denied, denied]);
  });

  test('a function can put only events of its own sources; a CMS and the newsroom’s own tool can put theirs', () => {
    for (const name of ['store', 'ingest', 'sweep', 'watch'])
      expect(rejection(of(name), 'my-newsroom')).toContain('no identity-based policy allows');
    for (const source of ['my-newsroom', 'cms.own', 'pressrun-cli', 'pressrun-smoke'])
      expect(rejection({}, source)).toBeUndefined();
  });

  test('the deny statement names functions by aws:PrincipalArn, applies to any entry of a call, and fits into 10 KB', () => {
    const policies = Object.values(template.findResources('AWS::Events::EventBusPolicy')) as {
      Properties: {
        Statement: {
          Sid: string;
          Effect: string;
          Principal: unknown;
          Condition: Record<string, Record<string, unknown[]>>;
        };
      };
    }[];
    expect(
      policies.map(({ Properties: { Statement } }) => [
        Statement.Sid,
        Statement.Effect,
        Statement.Principal,
        Object.keys(Statement.Condition).sort(),
      ]),
    ).toEqual(
      ['AnnouncementsAreOfPressrun', 'CanariesAreOfPressrun', 'WebhooksComeThroughTheirEndpoint'].map((sid) => [
        `cdk-${sid}`,
        'Deny',
        '*',
        ['ArnNotEquals', 'ForAnyValue:StringEquals'],
      ]),
    );
    // Role names have 64 characters at most.
    expect(
      Buffer.byteLength(JSON.stringify(policies)) +
        100 *
          policies.flatMap(
            ({ Properties }) => Properties.Statement.Condition['ArnNotEquals']?.['aws:PrincipalArn'] ?? [],
          ).length,
    ).toBeLessThan(10_240);
  });

  test('grantPublish gives a role one source, and none of Pressrun’s', () => {
    const stack = new Stack();
    const own = new Bus(stack, 'Bus', { stage: stageNamed('dev'), archiveFor: Duration.days(1) });
    const role = new Role(stack, 'Cms', { assumedBy: new AccountPrincipal('123456789012') });
    own.grantPublish(role, 'my-newsroom');
    CdkTemplate.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'events:PutEvents',
            Condition: {
              'ForAllValues:StringEquals': { 'events:source': ['my-newsroom'] },
              Null: { 'events:source': 'false' },
            },
          },
        ],
      },
    });
    for (const source of ['pressrun', 'pressrun.canary', 'cms.ghost', 'aws.s3'])
      expect(() => own.grantPublish(role, source)).toThrow(/reserved/);
  });
});
