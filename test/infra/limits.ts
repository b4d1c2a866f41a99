import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { originShieldOf, rejectRegion } from '../../infra/regions.ts';
import { settingSchemas } from '../../infra/settings.ts';
import { sources } from '../../shared/cms/sources.ts';
import { skippedWithout } from '../deploy/moto.ts';
import { everything, least, most, numbers } from './settings-at-bounds.ts';
import { resourcesOf, synthesise, type Synthesised } from './synthesised.ts';

const stages = { dev: { stage: 'dev' }, everything, least, most };

const schemaOf = (name: string): v.GenericSchema => (settingSchemas as Record<string, v.GenericSchema>)[name] as never;

describe('every setting that is a number', () => {
  test('accepts both its bounds and nothing beyond them', () => {
    const takesNumbers = Object.keys(settingSchemas).filter(
      (name) =>
        name !== 'purgeBudget' && name !== 'subscriptions' && [1, 14].some((given) => v.is(schemaOf(name), given)),
    );
    expect(takesNumbers.sort()).toEqual(Object.keys(numbers).sort());
    for (const [name, [lowest, highest]] of Object.entries(numbers))
      expect([lowest - 1, lowest, highest, highest + 1].map((given) => [name, v.is(schemaOf(name), given)])).toEqual([
        [name, false],
        [name, true],
        [name, true],
        [name, false],
      ]);
  });
});

interface AlarmPeriods {
  readonly Period: number;
  readonly EvaluationPeriods: number;
}

describe.each(Object.entries(stages))('the template of %s', (_, context) => {
  const stage = synthesise(context);

  test('has no alarm whose period is longer than CloudWatch accepts', () => {
    const alarms = resourcesOf(stage, 'AWS::CloudWatch::Alarm').map(
      ({ properties }) => properties as unknown as AlarmPeriods,
    );
    // PutMetricAlarm: one day, and seven days where each period is an hour or longer.
    const longest = ({ Period }: AlarmPeriods): number => (Period >= 3600 ? 604_800 : 86_400);
    expect(alarms.filter((alarm) => alarm.Period * alarm.EvaluationPeriods > longest(alarm))).toEqual([]);
    expect(alarms.length).toBeGreaterThan(40);
  });

  test('has no name of account-wide scope that a stage in another region would have too', () => {
    const { Resources } = stage.template.toJSON() as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    };
    const named = Object.values(Resources).flatMap(({ Type, Properties }) => {
      const name = accountWide[Type]?.(Properties);
      return name === undefined ? [] : [{ Type, name: JSON.stringify(name) }];
    });
    expect(named.filter(({ name }) => !name.includes('{"Ref":"AWS::Region"}'))).toEqual([]);
    expect(new Set(named.map(({ Type }) => Type)).size).toBeGreaterThan(3);
  });

  test('tags no dashboard, which CloudFormation would reject', () => {
    for (const { Properties } of Object.values(stage.template.findResources('AWS::CloudWatch::Dashboard')))
      expect(Properties).not.toHaveProperty('Tags');
    stage.template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });
});

/** Types whose names are unique in the account, and where their name is. */
const accountWide: Readonly<Record<string, (properties: Record<string, unknown>) => unknown>> = {
  'AWS::CloudFront::CachePolicy': ({ CachePolicyConfig }) => nameIn(CachePolicyConfig),
  'AWS::CloudFront::OriginRequestPolicy': ({ OriginRequestPolicyConfig }) => nameIn(OriginRequestPolicyConfig),
  'AWS::CloudFront::ResponseHeadersPolicy': ({ ResponseHeadersPolicyConfig }) => nameIn(ResponseHeadersPolicyConfig),
  'AWS::CloudFront::OriginAccessControl': ({ OriginAccessControlConfig }) => nameIn(OriginAccessControlConfig),
  'AWS::CloudFront::Function': nameIn,
  'AWS::CloudWatch::Dashboard': ({ DashboardName }) => DashboardName,
  'AWS::IAM::Role': ({ RoleName }) => RoleName,
  'AWS::IAM::ManagedPolicy': ({ ManagedPolicyName }) => ManagedPolicyName,
  'AWS::S3::Bucket': ({ BucketName }) => BucketName,
};

function nameIn(properties: unknown): unknown {
  return (properties as { readonly Name?: unknown }).Name;
}

describe('a value that AWS would reject is rejected at synthesis, with the name of its setting', () => {
  const fields = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, 'x'.repeat(120)]));
  const full = Object.fromEntries(
    sources.map(({ name, defaults }) => [
      name,
      { url: `https://${'x'.repeat(60)}.example.com`, fields: fields(Object.keys(defaults.fields)) },
    ]),
  );
  const sections = Array.from({ length: 60 }, (_, index) => `sections/that/are/long/${index}`);

  test.each<[Record<string, string>, RegExp]>([
    [
      { sources: JSON.stringify(full) },
      /^context sources \(\d+ bytes\) .*pressrun-dev-ingest would have \d+ bytes, and Lambda allows 4096$/,
    ],
    [
      { owns: JSON.stringify({ desk: Array.from({ length: 20 }, (_, index) => `urn:${'x'.repeat(240)}:${index}`) }) },
      /^context owns \(\d+ bytes\)/,
    ],
    [
      { subscriptions: JSON.stringify({ search: { events: ['article.live'], sections, queue: true } }) },
      /^context subscriptions\.search must be shorter: .* EventBridge allows 2048$/,
    ],
    [
      { slowSources: Array.from({ length: 20 }, (_, index) => `cms.${'x'.repeat(200)}${index}`).join(',') },
      /^context slowSources must be shorter: .* EventBridge allows 2048$/,
    ],
  ])('%j'.slice(0, 2), (context, message) => {
    expect(() => synthesise({ stage: 'dev', ...context })).toThrow(message);
  });
});

describe('regions', () => {
  test('that lack a service are rejected by name', () => {
    expect(() => {
      rejectRegion('eu-central-2');
    }).toThrow(/^region eu-central-2 lacks a service/);
    for (const region of [undefined, ...Object.keys(originShieldOf)])
      expect(() => {
        rejectRegion(region);
      }).not.toThrow();
  });

  test('have the nearest Origin Shield if lists expire by themselves', () => {
    const { template } = synthesise(everything);
    const [id] = Object.keys(template.findMappings('*', { 'eu-west-3': { region: 'eu-west-2' } }));
    const { Properties } = Object.values(template.findResources('AWS::CloudFront::Distribution'))[0] as {
      Properties: { DistributionConfig: { Origins: { OriginShield?: unknown }[] } };
    };
    expect(Properties.DistributionConfig.Origins.map(({ OriginShield }) => OriginShield)).toContainEqual({
      Enabled: true,
      OriginShieldRegion: { 'Fn::FindInMap': [id, { Ref: 'AWS::Region' }, 'region'] },
    });
  });
});

/** cfn-lint has CloudFormation's own schemas of every region. */
function lint({ assembly, stack }: Synthesised, ...more: readonly string[]): string {
  const { stdout, stderr } = spawnSync(
    'cfn-lint',
    [
      join(assembly, stack.templateFile),
      '--format',
      'parseable',
      // Secrets that rules of other services refer to, which cfn-lint would have in an SSM parameter.
      '--ignore-checks',
      'W3005',
      ...more,
    ],
    { encoding: 'utf8' },
  );
  return stdout + stderr;
}

const missing = skippedWithout('cfn-lint', 'cfn-lint==1.51.0');
const withCfnLint = missing === undefined ? describe : describe.skip;

withCfnLint(`cfn-lint${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test.each(Object.entries(stages))(
    'finds no error in %s',
    (_, context) => {
      const regions = ['us-east-1', 'eu-west-1', 'ap-southeast-2'];
      expect(lint(synthesise(context), '--regions', ...regions)).toBe('');
    },
    60_000,
  );

  test('knows every region on offer, and finds missing services in others', () => {
    const stage = synthesise(everything);
    // In some regions cfn-lint's schemas of a type are older; which types there are, it knows of all.
    expect(lint(stage, '--regions', ...Object.keys(originShieldOf))).not.toMatch(/E3006/);
    expect(lint(stage, '--regions', 'eu-central-2')).toMatch(/E3006.*AWS::Lambda::Url/);
  }, 60_000);
});
