import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readableByMoto, sourceIn, templateIn, type StackTemplate } from './assembly.ts';
import { missing, Moto } from './moto.ts';

/** Resource types that moto's CloudFormation pretends to make. `test/infra` checks them in the template instead. */
const unsupported: ReadonlySet<string> = new Set([
  'AWS::CloudFront::CachePolicy',
  'AWS::CloudFront::Distribution',
  'AWS::CloudFront::Function',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudFront::OriginRequestPolicy',
  'AWS::CloudWatch::Alarm',
  'AWS::Events::EventBusPolicy',
  'AWS::EventSchemas::Registry',
  'AWS::EventSchemas::Schema',
  'AWS::Lambda::Url',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::Secret',
]);

const place = mkdtempSync(join(tmpdir(), 'pressrun-deploy-'));
const timeoutMs = 110_000;

interface Ran {
  readonly code: number;
  readonly output: string;
}

/** One of `npm run`'s commands for stage dev. */
async function run(command: string, env: NodeJS.ProcessEnv, cwd: string, ...more: string[]): Promise<Ran> {
  return ran(
    spawn(process.execPath, ['tools/cli/cdk.ts', command, '--stage', 'dev', '--no-notices', ...more], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** Runs one of `npm run pressrun`'s commands for stage dev, without an address. */
async function pressrun(env: NodeJS.ProcessEnv, ...given: string[]): Promise<Ran> {
  return ran(
    spawn(process.execPath, ['tools/cli/main.ts', '--stage', 'dev', ...given], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

async function ran(child: ChildProcessByStdio<Writable | null, Readable, Readable>): Promise<Ran> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

async function synthesised(source: string, assembly: string): Promise<string> {
  const { code, output } = await run(
    'synth',
    { PATH: process.env['PATH'], HOME: place, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    source,
    '--quiet',
    '--output',
    assembly,
  );
  if (code !== 0) throw new Error(output);
  return assembly;
}

let here: string;
let elsewhere: string;

beforeAll(async () => {
  const other = join(place, 'some', 'other', 'place');
  mkdirSync(other, { recursive: true });
  [here, elsewhere] = await Promise.all([
    synthesised(process.cwd(), join(place, 'here')),
    synthesised(sourceIn(other), join(place, 'elsewhere')),
  ]);
}, timeoutMs);

afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

test('the same source makes the same templates and bundles in every directory', () => {
  const of = (assembly: string): Record<string, string> =>
    Object.fromEntries(
      ['pressrun-dev.template.json', 'pressrun-dev.assets.json'].map((file) => [
        file,
        readFileSync(join(assembly, file), 'utf8'),
      ]),
    );
  expect(of(elsewhere)).toEqual(of(here));
  const assets = (assembly: string): string[] =>
    readdirSync(assembly)
      .filter((entry) => entry.startsWith('asset.'))
      .sort();
  expect(assets(elsewhere)).toEqual(assets(here));
});

test('resources that no emulator supports are checked in the template', () => {
  const looked = readdirSync('test/infra')
    .map((file) => readFileSync(join('test/infra', file), 'utf8'))
    .join('');
  expect([...unsupported].filter((type) => !looked.includes(`'${type}'`))).toEqual([]);
});

const onMoto = missing === undefined ? describe : describe.skip;

onMoto(`the CDK's own CLI on moto's CloudFormation${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let moto: Moto;
  let env: NodeJS.ProcessEnv;
  let assembly: string;
  let template: StackTemplate;
  let early: Ran;
  let deployed: Ran;
  /** The stack's resources, by logical id. */
  let made: ReadonlyMap<string, { readonly type: string; readonly name: string }>;

  beforeAll(async () => {
    moto = await Moto.start();
    env = moto.environment(place);
    template = templateIn(here);
    assembly = readableByMoto(here, join(place, 'readable'), unsupported);
    early = await run('preflight', env, process.cwd(), '--app', assembly);
    const bootstrapped = await run('bootstrap', env, process.cwd(), '--app', assembly);
    expect(bootstrapped).toMatchObject({ code: 0 });
    deployed = await run('deploy', env, process.cwd(), '--app', assembly, '--require-approval', 'never');
    made = await resources();
  }, timeoutMs);

  afterAll(async () => {
    await moto.stop();
  });

  async function resources(): Promise<ReadonlyMap<string, { readonly type: string; readonly name: string }>> {
    const xml = await moto.form('cloudformation', {
      Action: 'DescribeStackResources',
      Version: '2010-05-15',
      StackName: 'pressrun-dev',
    });
    const field = (member: string, name: string): string =>
      new RegExp(`<${name}>([^<]*)</${name}>`).exec(member)?.[1] ?? '';
    return new Map(
      xml
        .split('<member>')
        .slice(1)
        .map(
          (member) =>
            [
              field(member, 'LogicalResourceId'),
              { type: field(member, 'ResourceType'), name: field(member, 'PhysicalResourceId') },
            ] as const,
        )
        .filter(([, { type }]) => type !== ''),
    );
  }

  /** The resources of one type, as the template has them, with the names that they got. */
  // Of CloudFormation's own shape, so the caller says which.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  function all<Properties>(
    type: string,
  ): { readonly id: string; readonly name: string; readonly properties: Properties }[] {
    const found = Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
    expect(found.length).toBeGreaterThan(0);
    return found.map(([id, { Properties }]) => ({
      id,
      name: made.get(id)?.name ?? `${id} was not made`,
      properties: Properties as Properties,
    }));
  }

  /** Returns the value of a reference in the template. */
  function resolved(value: unknown): unknown {
    const { 'Fn::GetAtt': [id = '', attribute] = [], Ref: reference } = (
      typeof value === 'object' && value !== null ? value : {}
    ) as { 'Fn::GetAtt'?: [string, string]; Ref?: string };
    if (reference !== undefined) return made.get(reference)?.name ?? value;
    const { type, name = '' } = made.get(id) ?? {};
    if (attribute === 'StreamArn') return expect.stringContaining(`:table/${name}/stream/`);
    if (type === 'AWS::SQS::Queue') return `arn:aws:sqs:us-east-1:123456789012:${name.split('/').at(-1) ?? ''}`;
    return value;
  }

  test('preflight names each missing resource before the bootstrap, and none after it', async () => {
    expect(early).toMatchObject({ code: 1, output: expect.stringMatching(/✘ {2}bootstrap +run npm run bootstrap/) });
    expect(await run('preflight', env, process.cwd(), '--app', assembly)).toMatchObject({
      code: 0,
      output: expect.stringMatching(
        /✔ {2}credentials +account 123456789012\n✔ {2}region +us-east-1\n✔ {2}bootstrap +version \w+\n[^]*pressrun-dev is deployed/,
      ),
    });
  });

  test('smoke reads the concurrency that the deployed stack needs before it makes requests as a reader', async () => {
    expect(await pressrun(env, 'smoke', '--site-url', 'http://127.0.0.1:9')).toMatchObject({
      output: expect.stringMatching(/^[✔✘] {2}Lambda concurrency/),
    });
  });

  test('CloudFormation reports success', () => {
    expect(deployed).toMatchObject({ code: 0 });
  });

  test('the deployment made every resource of the types that moto supports, and no others', () => {
    const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
    const madeTypes = new Set(Array.from(made.values(), ({ type }) => type));
    expect([...types].filter((type) => !madeTypes.has(type)).sort()).toEqual([...unsupported].sort());
    expect(
      Object.entries(template.Resources).filter(([id, { Type }]) => !unsupported.has(Type) && !made.has(id)),
    ).toEqual([]);
  });

  test('tables have keys, a stream, expiry and on-demand billing', async () => {
    for (const { name, properties } of all<Record<string, unknown>>('AWS::DynamoDB::Table')) {
      const { Table } = await moto.ask<{ Table: Record<string, unknown> }>(
        'dynamodb',
        'DynamoDB_20120810.DescribeTable',
        { TableName: name },
      );
      expect(Table).toMatchObject({
        TableName: properties['TableName'],
        KeySchema: properties['KeySchema'],
        AttributeDefinitions: expect.arrayContaining(properties['AttributeDefinitions'] as object[]),
        BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
        ...(properties['StreamSpecification'] !== undefined && {
          StreamSpecification: properties['StreamSpecification'],
        }),
      });
    }
  });

  test('switch-table configures a restored table like the stack’s own, and a second call changes nothing', async () => {
    const switchTable = async (...more: string[]): Promise<{ states: string[]; streamArn?: string }> => {
      const { output } = await pressrun(
        env,
        ...['--stage', 'prod', '--articles-table', 'pressrun-dev-articles', '--json', 'switch-table', 'restored'],
        ...more,
      );
      const { steps, ...prepared } = JSON.parse(output) as { steps: { state: string }[]; streamArn?: string };
      return { ...prepared, states: [...new Set(steps.map(({ state }) => state))] };
    };
    const restore = ['--restore-to', '2026-11-24T18:00:00Z'];
    expect(await switchTable(...restore, '--dry-run')).toMatchObject({ states: ['to do'] });
    const prepared = await switchTable(...restore, '--yes');
    expect(prepared).toMatchObject({
      states: ['done'],
      streamArn: expect.stringContaining(':table/restored/stream/'),
    });
    expect(await switchTable('--yes')).toMatchObject({ states: ['already'], streamArn: prepared.streamArn });
    const asked = { TableName: 'restored' };
    expect(await moto.ask('dynamodb', 'DynamoDB_20120810.DescribeTable', asked)).toMatchObject({
      Table: { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } },
    });
    expect(await moto.ask('dynamodb', 'DynamoDB_20120810.DescribeTimeToLive', asked)).toMatchObject({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
    });
    await moto.ask('dynamodb', 'DynamoDB_20120810.UpdateTable', { ...asked, DeletionProtectionEnabled: false });
    await moto.ask('dynamodb', 'DynamoDB_20120810.DeleteTable', asked);
  });

  test('queues have encryption, visibility timeouts, retention and the dead-letter queue of their name', async () => {
    interface QueueProperties {
      readonly QueueName: string;
      readonly VisibilityTimeout?: number;
      readonly MessageRetentionPeriod?: number;
      readonly RedrivePolicy?: { readonly deadLetterTargetArn: unknown; readonly maxReceiveCount: number };
    }
    for (const { name, properties } of all<QueueProperties>('AWS::SQS::Queue')) {
      expect(name.endsWith(`/${properties.QueueName}`)).toBe(true);
      const { Attributes } = await moto.ask<{ Attributes: Record<string, string> }>(
        'sqs',
        'AmazonSQS.GetQueueAttributes',
        { QueueUrl: name, AttributeNames: ['All'] },
      );
      expect(Attributes).toMatchObject({
        SqsManagedSseEnabled: 'true',
        ...(properties.VisibilityTimeout !== undefined && {
          VisibilityTimeout: String(properties.VisibilityTimeout),
        }),
        ...(properties.MessageRetentionPeriod !== undefined && {
          MessageRetentionPeriod: String(properties.MessageRetentionPeriod),
        }),
      });
      const redrive = Attributes['RedrivePolicy'];
      expect(redrive === undefined ? undefined : (JSON.parse(redrive) as object)).toEqual(
        properties.RedrivePolicy && {
          ...properties.RedrivePolicy,
          deadLetterTargetArn: resolved(properties.RedrivePolicy.deadLetterTargetArn),
        },
      );
    }
  });

  test('the bus has its rules with patterns and targets, and its archive', async () => {
    interface RuleProperties {
      readonly Name: string;
      readonly EventPattern: object;
      readonly Targets: readonly {
        readonly Arn: unknown;
        readonly DeadLetterConfig: { readonly Arn: unknown };
        readonly RetryPolicy: object;
      }[];
    }
    const { EventBuses } = await moto.ask<{ EventBuses: { Name: string }[] }>('events', 'AWSEvents.ListEventBuses');
    expect(EventBuses.map(({ Name }) => Name).sort()).toEqual(['default', 'pressrun-dev']);
    const on = { EventBusName: 'pressrun-dev' };
    for (const { properties } of all<RuleProperties>('AWS::Events::Rule')) {
      const rule = await moto.ask<{ EventPattern: string; State: string }>('events', 'AWSEvents.DescribeRule', {
        ...on,
        Name: properties.Name,
      });
      expect({ ...rule, EventPattern: JSON.parse(rule.EventPattern) as object }).toMatchObject({
        State: 'ENABLED',
        EventPattern: properties.EventPattern,
      });
      const { Targets } = await moto.ask<{ Targets: object[] }>('events', 'AWSEvents.ListTargetsByRule', {
        ...on,
        Rule: properties.Name,
      });
      expect(Targets).toMatchObject(
        properties.Targets.map(({ Arn, DeadLetterConfig, RetryPolicy }) => ({
          Arn: resolved(Arn),
          DeadLetterConfig: { Arn: resolved(DeadLetterConfig.Arn) },
          RetryPolicy,
        })),
      );
    }
    const archive = await moto.ask<{ EventPattern: string }>('events', 'AWSEvents.DescribeArchive', {
      ArchiveName: 'pressrun-dev',
    });
    expect(archive).toMatchObject({
      RetentionDays: 30,
      EventSourceArn: expect.stringMatching(/event-bus\/pressrun-dev$/),
    });
    expect(JSON.parse(archive.EventPattern)).toMatchObject({ source: [{ 'anything-but': ['pressrun'] }] });
  });

  test('functions have the code, environment and size of the template', async () => {
    interface FunctionProperties {
      readonly FunctionName: string;
      readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
      readonly Code: { readonly S3Bucket: unknown; readonly S3Key: string };
    }
    for (const { name, properties } of all<FunctionProperties>('AWS::Lambda::Function')) {
      const { FunctionName, Environment, Code, ...rest } = properties;
      expect(name).toBe(FunctionName);
      const { Configuration } = await moto.read<{
        Configuration: { readonly CodeSize: number; readonly Environment: typeof Environment };
      }>('lambda', `/2015-03-31/functions/${name}`);
      // moto keeps no architecture; test/infra looks at that.
      const { Runtime, Handler, MemorySize, Timeout } = rest as Record<string, unknown>;
      expect(Configuration).toMatchObject({ Runtime, Handler, MemorySize, Timeout });
      expect(Configuration.CodeSize).toBeGreaterThan(1000);
      expect(Object.keys(Configuration.Environment.Variables).sort()).toEqual(
        Object.keys(Environment.Variables).sort(),
      );
      for (const [variable, value] of Object.entries(Environment.Variables))
        if (typeof value === 'string') expect(Configuration.Environment.Variables[variable]).toBe(value);
      expect(readdirSync(assembly)).toContain(`asset.${Code.S3Key.replace(/\.zip$/, '')}`);
    }
  });

  test('event source mappings report failures message by message', async () => {
    interface MappingProperties {
      readonly EventSourceArn: unknown;
      readonly FunctionName: { readonly Ref: string };
      readonly BatchSize: number;
      readonly FunctionResponseTypes: readonly string[];
    }
    const { EventSourceMappings } = await moto.read<{ EventSourceMappings: object[] }>(
      'lambda',
      '/2015-03-31/event-source-mappings/',
    );
    const mappings = all<MappingProperties>('AWS::Lambda::EventSourceMapping');
    expect(EventSourceMappings).toHaveLength(mappings.length);
    for (const { properties } of mappings) {
      expect(EventSourceMappings).toContainEqual(
        expect.objectContaining({
          EventSourceArn: resolved(properties.EventSourceArn),
          FunctionArn: expect.stringMatching(new RegExp(`:${String(resolved(properties.FunctionName))}$`)),
          BatchSize: properties.BatchSize,
          FunctionResponseTypes: properties.FunctionResponseTypes,
        }),
      );
    }
  });

  test('log groups expire, buckets are encrypted, and alarms have a topic', async () => {
    const { logGroups } = await moto.ask<{ logGroups: { logGroupName: string; retentionInDays?: number }[] }>(
      'logs',
      'Logs_20140328.DescribeLogGroups',
    );
    expect(
      Object.fromEntries(logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays])),
    ).toEqual(
      Object.fromEntries(
        all<{ LogGroupName: string; RetentionInDays: number }>('AWS::Logs::LogGroup').map(({ properties }) => [
          properties.LogGroupName,
          properties.RetentionInDays,
        ]),
      ),
    );
    // moto has no other property of a bucket. test/infra checks that it is private.
    for (const { name } of all('AWS::S3::Bucket'))
      expect(await moto.text('s3', `/${name}?encryption`)).toContain('AES256');
    expect(await moto.form('sns', { Action: 'ListTopics', Version: '2010-03-31' })).toContain(':pressrun-dev-alarms<');
  });

  test('roles have their policies', async () => {
    for (const { name } of all('AWS::IAM::Role')) {
      expect(await moto.form('iam', { Action: 'ListRolePolicies', Version: '2010-05-08', RoleName: name })).toMatch(
        /<member>.+<\/member>/,
      );
      expect(
        await moto.form('iam', { Action: 'ListAttachedRolePolicies', Version: '2010-05-08', RoleName: name }),
      ).not.toContain('<member>');
    }
  });

  test('the stack’s outputs name the addresses for readers and for webhooks', async () => {
    // moto keeps no outputs of a change set: the same template, sent once more with other spaces in it. It makes no distribution either: the address leads nowhere, and which one was asked is the proof.
    const TemplateBody = JSON.stringify(
      JSON.parse(readFileSync(join(assembly, 'pressrun-dev.template.json'), 'utf8')),
      undefined,
      1,
    );
    await moto.form('cloudformation', {
      Action: 'UpdateStack',
      Version: '2010-05-15',
      StackName: 'pressrun-dev',
      Capabilities: 'CAPABILITY_IAM',
      TemplateBody,
    });
    const [[distribution] = ['']] = Object.entries(template.Resources).filter(
      ([, { Type }]) => Type === 'AWS::CloudFront::Distribution',
    );
    expect(await pressrun(env, 'smoke')).toEqual({
      code: 3,
      output: expect.stringMatching(
        new RegExp(
          `the edge https://${distribution.toLowerCase()}\\.invalid does not answer \\(ENOTFOUND\\): .*--site-url`,
        ),
      ),
    });
    await moto.ask('secretsmanager', 'secretsmanager.CreateSecret', {
      Name: 'pressrun-dev-ingest-ghost',
      SecretString: '{"current":"a secret","previous":"","api":""}',
    });
    expect(await pressrun(env, 'test-webhook', 'ghost')).toEqual({
      code: 3,
      output: expect.stringMatching(
        /the webhook endpoint https:\/\/ingest\w+\.invalid does not answer \(ENOTFOUND\): .*--url/,
      ),
    });
  });

  test('a stage that is not deployed is reported as such', async () => {
    expect(await pressrun(env, '--stage', 'staging', 'smoke')).toEqual({
      code: 2,
      output: expect.stringMatching(/there is no stack pressrun-staging in this region: .*--stage/),
    });
  });

  test('a deployed stack has no differences, and a second deployment changes nothing, also from another checkout', async () => {
    const again = readableByMoto(elsewhere, join(place, 'again'), unsupported);
    const before = await resources();
    expect(await run('diff', env, process.cwd(), '--app', again, '--fail', '--method', 'template')).toMatchObject({
      code: 0,
      output: expect.stringContaining('There were no differences'),
    });
    expect(await run('deploy', env, process.cwd(), '--app', again, '--require-approval', 'never')).toMatchObject({
      code: 0,
      output: expect.stringContaining('(no changes)'),
    });
    expect(await resources()).toEqual(before);
  });

  const stacks = async (): Promise<string[]> => {
    const xml = await moto.form('cloudformation', { Action: 'DescribeStacks', Version: '2010-05-15' });
    return Array.from(xml.matchAll(/<StackName>(pressrun-[^<]*)/g), ([, name = '']) => name).sort();
  };

  test(
    'destroy asks first, and destroys the stack of --stage only, even if the command names another one',
    async () => {
      await moto.form('cloudformation', {
        Action: 'CreateStack',
        Version: '2010-05-15',
        StackName: 'pressrun-prod',
        TemplateBody: '{"Resources":{"Queue":{"Type":"AWS::SQS::Queue"}}}',
      });
      for (const spelled of [
        ['-c', 'stage=prod'],
        ['-c=stage=prod'],
        ['--context=stage=prod'],
        ['pressrun-prod'],
        ['--all'],
      ])
        expect(await run('destroy', env, process.cwd(), '--app', assembly, '--force', ...spelled)).toMatchObject({
          code: 2,
          output: expect.stringContaining('--stage'),
        });
      expect(await run('destroy', env, process.cwd(), '--app', assembly)).toMatchObject({
        code: 2,
        output: expect.stringContaining('--yes'),
      });
      // `script` of util-linux gives the command a terminal.
      const asked = spawn(
        'script',
        ['-qec', `${process.execPath} tools/cli/cdk.ts destroy --stage prod --region us-east-1`, '/dev/null'],
        { env, stdio: ['pipe', 'pipe', 'pipe'] },
      );
      asked.stdin.end('yes\n');
      expect(await ran(asked)).toMatchObject({
        code: 2,
        output: expect.stringMatching(
          /This takes down stack pressrun-prod in account 123456789012, region us-east-1; its tables, .*Type prod to go on: [^]*nothing was destroyed/,
        ),
      });
      expect(await stacks()).toEqual(['pressrun-dev', 'pressrun-prod']);
      await moto.form('cloudformation', { Action: 'DeleteStack', Version: '2010-05-15', StackName: 'pressrun-prod' });
    },
    timeoutMs,
  );

  test('a destroyed stack leaves no resources, and no objects in its buckets', async () => {
    for (const { name } of all('AWS::S3::Bucket')) await moto.put('s3', `/${name}/payload`, 'a story of a megabyte');
    const destroyed = await run('destroy', env, process.cwd(), '--app', assembly, '--force');
    expect(destroyed).toMatchObject({ code: 0, output: expect.stringContaining('1 objects deleted') });
    expect(await moto.ask('dynamodb', 'DynamoDB_20120810.ListTables')).toEqual({ TableNames: [] });
    expect((await moto.ask<{ QueueUrls?: string[] }>('sqs', 'AmazonSQS.ListQueues')).QueueUrls ?? []).toEqual([]);
    expect(await moto.read('lambda', '/2015-03-31/functions')).toMatchObject({ Functions: [] });
    expect(await moto.read('lambda', '/2015-03-31/event-source-mappings/')).toMatchObject({
      EventSourceMappings: [],
    });
    expect(await moto.ask('events', 'AWSEvents.ListEventBuses')).toMatchObject({ EventBuses: [{ Name: 'default' }] });
    expect(await moto.ask('events', 'AWSEvents.ListArchives')).toMatchObject({ Archives: [] });
    expect(await moto.ask('logs', 'Logs_20140328.DescribeLogGroups')).toMatchObject({ logGroups: [] });
    // All that is left are those of the bootstrap.
    expect((await moto.text('s3', '/')).match(/<Name>[^<]*/g)).toEqual([expect.stringContaining('cdk-')]);
    expect(
      (await moto.form('iam', { Action: 'ListRoles', Version: '2010-05-08' })).match(/<RoleName>pressrun/g),
    ).toBeNull();
    expect(await moto.form('sns', { Action: 'ListTopics', Version: '2010-03-31' })).not.toContain('pressrun');
  });
});
