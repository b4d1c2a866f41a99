import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import fc from 'fast-check';
import { synthesise } from '../../tools/laptop/cloudformation/assembly.ts';
import { Chaos } from '../../tools/laptop/faults.ts';
import { freePort } from '../free-port.ts';
import { story } from '../unit/story.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const seed = 20261124;
const directory = mkdtempSync(join(tmpdir(), 'pressrun-subscribers-'));
const assembly = join(directory, 'assembly');
const events = ['article.live', 'article.revised', 'article.withdrawn'];
const children: ChildProcess[] = [];

/** The first program under a heading of docs/subscribing.md. */
function programUnder(heading: string): string {
  const page = readFileSync(join(root, 'docs/subscribing.md'), 'utf8');
  const start = page.indexOf(`\n## ${heading}\n`);
  const program = start < 0 ? undefined : /```js\n(.*?)```/s.exec(page.slice(start))?.[1];
  if (program === undefined) throw new Error(`docs/subscribing.md has no program under "${heading}"`);
  return program;
}

/** Bundles a program with the package's sources; consumer-package.test.ts installs the package itself. */
async function bundled(program: string, outfile: string): Promise<void> {
  const entry = `${outfile}.mjs`;
  writeFileSync(entry, program);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    alias: {
      '@pressrun/consumer/dynamodb': join(root, 'shared/aws/consumer-seen.ts'),
      '@pressrun/consumer': join(root, 'shared/consumer/entry.ts'),
    },
    nodePaths: [join(root, 'node_modules')],
    logLevel: 'silent',
  });
}

/**
 * The resources of another team in the same account: a function with its table, on the queue that Pressrun made for it.
 */
function addTheirFunction(bundle: string): void {
  const edit = (suffix: string, change: (content: Record<string, unknown>) => void): void => {
    const name = readdirSync(assembly).find((file) => file.endsWith(suffix)) ?? '';
    const content = JSON.parse(readFileSync(join(assembly, name), 'utf8')) as Record<string, unknown>;
    change(content);
    writeFileSync(join(assembly, name), JSON.stringify(content));
  };
  edit('.assets.json', ({ files }) => {
    (files as Record<string, unknown>)['theirs'] = { source: { path: relative(assembly, bundle), packaging: 'zip' } };
  });
  edit('.template.json', (template) => {
    Object.assign(template['Resources'] as object, {
      Seen: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'search-seen',
          KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
        },
      },
      Search: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'search',
          Handler: 'index.handler',
          Timeout: 5,
          MemorySize: 256,
          Code: { S3Bucket: 'theirs', S3Key: 'theirs.zip' },
          Environment: { Variables: { SEEN_TABLE: { Ref: 'Seen' } } },
        },
      },
      SearchQueue: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Search' },
          EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:pressrun-local-to-search',
          BatchSize: 10,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
    });
  });
  // A message is received again after minutes. This test shortens that, and lets no message reach a dead-letter queue.
  const name = readdirSync(assembly).find((file) => file.endsWith('.template.json')) ?? '';
  const template = readFileSync(join(assembly, name), 'utf8')
    .replaceAll(/"VisibilityTimeout": ?\d+/g, '"VisibilityTimeout":2')
    .replaceAll(/"maxReceiveCount": ?\d+/g, '"maxReceiveCount":1000');
  writeFileSync(join(assembly, name), template);
}

const port = { webhook: 0 };

beforeAll(async () => {
  mkdirSync(join(directory, 'search'));
  await bundled(programUnder('A Lambda function on the queue'), join(directory, 'search', 'index.js'));
  await bundled(programUnder('A signed webhook'), join(directory, 'webhook.cjs'));
  port.webhook = await freePort();
  await synthesise(assembly, {
    stage: 'local',
    purgeWindowSeconds: '0',
    subscriptions: JSON.stringify({
      search: { events, queue: true },
      app: { events, webhook: `http://127.0.0.1:${port.webhook}/` },
    }),
  });
  addTheirFunction(join(directory, 'search'));
}, 60_000);

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

async function secretOf(awsUrl: string): Promise<string> {
  const secretsManager = new SecretsManagerClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    endpoint: awsUrl,
  });
  const { SecretString = '' } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: 'pressrun-local-to-app' }),
  );
  secretsManager.destroy();
  return (JSON.parse(SecretString) as { current: string }).current;
}

/** Starts the webhook's receiver. Returns the lines that it prints. */
function receive(secret: string): string[] {
  const child = spawn(process.execPath, [join(directory, 'webhook.cjs')], {
    env: { PATH: process.env['PATH'], WEBHOOK_SECRET: secret, PORT: String(port.webhook) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const handled: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => handled.push(line));
  return handled;
}

test('the function and the webhook receiver of docs/subscribing.md receive each change of a shuffled, repeated and crashed run exactly once', async () => {
  const chaos = new Chaos(seed, { callsEach: 8, invocationsEach: 20 });
  const newsroom = await Newsroom.open({}, { assembly, faults: chaos });
  try {
    const handledByWebhook = receive(await secretOf(newsroom.stack.awsUrl));
    const sent = Array.from({ length: 40 }, (_, index) => ({
      type: index % 7 === 6 ? 'article.unpublished' : 'article.published',
      article: story({
        uri: `urn:subscribers:${index % 10}`,
        versionCreated: minutesAgo(50 - index),
        headlines: [{ value: `Story ${index}` }],
        subjects: [{ rel: 'section', literal: index % 3 === 0 ? 'sport' : 'news' }],
      }),
    }));
    const [shuffled = []] = fc.sample(fc.shuffledSubarray([...sent, ...sent.slice(0, 15)], { minLength: 55 }), {
      numRuns: 1,
      seed,
    });
    // With receivedAt, a message that is sent twice is one version.
    for (const { type, article } of shuffled)
      await newsroom.put(type, article, { receivedAt: Date.parse(article.versionCreated) });
    await newsroom.until(
      'every event is stored',
      async () => {
        const versions = await Promise.all(
          Array.from({ length: 10 }, async (_, index) => newsroom.versions(`urn:subscribers:${index}`)),
        );
        return versions.reduce((sum, count) => sum + count, 0) === sent.length;
      },
      60_000,
    );
    chaos.end();
    await newsroom.settled();

    const announced = (): string[] =>
      [
        ...new Set(
          newsroom.announced
            .filter((event) => events.includes(event['detail-type']))
            .map(({ detail }) => (detail as { id: string }).id),
        ),
      ].sort();
    const inTable = async (): Promise<string[]> =>
      ((await newsroom.dynamoDb.send(new ScanCommand({ TableName: 'search-seen', ConsistentRead: true }))).Items ?? [])
        .map(({ key }) => key?.S ?? '')
        .sort();
    const byWebhook = (): string[] => handledByWebhook.map((line) => line.split(' ')[1] ?? '').sort();
    await newsroom.until(
      'both have every change',
      async () => byWebhook().length >= announced().length && (await inTable()).length >= announced().length,
      90_000,
    );
    expect(announced().length).toBeGreaterThanOrEqual(10);
    expect(byWebhook()).toEqual(announced());
    expect(await inTable()).toEqual(announced());
    expect(chaos.made.killed).toBeGreaterThan(0);
  } finally {
    await newsroom.close();
  }
}, 240_000);
