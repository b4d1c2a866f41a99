import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readableByMoto, sourceIn, templateIn, type StackTemplate } from './assembly.ts';
import { pressrun, ran, run, type Ran } from './commands.ts';
import { DeployedStack } from './deployed-stack.ts';
import { testMadeResources } from './made-resources.ts';
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
  let stack: DeployedStack;

  beforeAll(async () => {
    moto = await Moto.start();
    env = moto.environment(place);
    template = templateIn(here);
    assembly = readableByMoto(here, join(place, 'readable'), unsupported);
    early = await run('preflight', env, process.cwd(), '--app', assembly);
    const bootstrapped = await run('bootstrap', env, process.cwd(), '--app', assembly);
    expect(bootstrapped).toMatchObject({ code: 0 });
    deployed = await run('deploy', env, process.cwd(), '--app', assembly, '--require-approval', 'never');
    stack = new DeployedStack(moto, env, assembly, template);
    await stack.read();
  }, timeoutMs);

  afterAll(async () => {
    await moto.stop();
  });

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
    const madeTypes = new Set(Array.from(stack.made.values(), ({ type }) => type));
    expect([...types].filter((type) => !madeTypes.has(type)).sort()).toEqual([...unsupported].sort());
    expect(
      Object.entries(template.Resources).filter(([id, { Type }]) => !unsupported.has(Type) && !stack.made.has(id)),
    ).toEqual([]);
  });

  testMadeResources(() => stack);

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
    const before = await stack.resources();
    expect(await run('diff', env, process.cwd(), '--app', again, '--fail', '--method', 'template')).toMatchObject({
      code: 0,
      output: expect.stringContaining('There were no differences'),
    });
    expect(await run('deploy', env, process.cwd(), '--app', again, '--require-approval', 'never')).toMatchObject({
      code: 0,
      output: expect.stringContaining('(no changes)'),
    });
    expect(await stack.resources()).toEqual(before);
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
    for (const { name } of stack.all('AWS::S3::Bucket'))
      await moto.put('s3', `/${name}/payload`, 'a story of a megabyte');
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
