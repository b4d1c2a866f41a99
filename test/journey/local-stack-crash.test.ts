import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { publishing, writeAssembly } from '../fixtures/small-assembly.ts';
import { eventually } from './eventually.ts';

const directory = mkdtempSync(join(tmpdir(), 'pressrun-test-'));
const assembly = writeAssembly(join(directory, 'assembly'), publishing);
const program = fileURLToPath(new URL('./local-stack-process.ts', import.meta.url));

interface Running {
  readonly process: ChildProcess;
  readonly dynamoDb: DynamoDBClient;
  readonly eventBridge: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly awsUrl: string;
}

const started: Running[] = [];

async function start(dataDirectory: string): Promise<Running> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, assembly, dataDirectory], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [awsUrl] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const settings = {
    endpoint: awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  };
  const running = {
    process: child,
    awsUrl,
    dynamoDb: new DynamoDBClient(settings),
    eventBridge: new EventBridgeClient(settings),
    sqs: new SQSClient(settings),
  };
  started.push(running);
  return running;
}

async function kill({ process: child, dynamoDb, eventBridge, sqs }: Running): Promise<void> {
  for (const client of [dynamoDb, eventBridge, sqs]) client.destroy();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map(kill));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function itemsOf({ dynamoDb }: Running, table: string): Promise<Record<string, { readonly S?: string }>[]> {
  const items: Record<string, { readonly S?: string }>[] = [];
  let from: ScanCommand['input']['ExclusiveStartKey'];
  do {
    const { Items = [], LastEvaluatedKey } = await dynamoDb.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    items.push(...(Items as Record<string, { readonly S?: string }>[]));
    from = LastEvaluatedKey;
  } while (from);
  return items;
}

test('every acknowledged event of 200 is a version and in its feeds, though the process was killed three times', async () => {
  const data = join(directory, 'publishes');
  const waiting = Array.from({ length: 200 }, (_, index) => `story-${index}`);
  const acknowledged = new Map<string, string>();
  let running = await start(data);
  for (const killAfter of [40, 90, 150, Number.POSITIVE_INFINITY]) {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let articleId = waiting.pop(); articleId !== undefined; articleId = waiting.pop()) {
          try {
            const { Entries = [] } = await running.eventBridge.send(
              new PutEventsCommand({
                Entries: [
                  {
                    EventBusName: 'small',
                    Source: 'test',
                    DetailType: 'article.published',
                    Detail: JSON.stringify({ articleId, text: articleId }),
                  },
                ],
              }),
            );
            acknowledged.set(articleId, Entries[0]?.EventId ?? '');
          } catch {
            // Not acknowledged: a CMS would send it again.
            waiting.push(articleId);
            return;
          }
          if (acknowledged.size === killAfter) running.process.kill('SIGKILL');
        }
      }),
    );
    if (killAfter === Number.POSITIVE_INFINITY) break;
    await kill(running);
    running = await start(data);
  }
  expect(acknowledged.size).toBe(200);
  await eventually('all stories in the feed', async () =>
    (await itemsOf(running, 'small-feeds')).length === 200 ? true : undefined,
  );
  const versions = new Set((await itemsOf(running, 'small-articles')).map(({ sk }) => sk?.S));
  for (const eventId of acknowledged.values()) expect(versions).toContain(`v#${eventId}`);
}, 120_000);

test('a row that was written when the process was killed is in the stream of the next process', async () => {
  const data = join(directory, 'rows');
  let running = await start(data);
  const wrote = new Map<string, string>();
  for (let round = 0; round < 3; round += 1) {
    const { dynamoDb, process: child } = running;
    const rows = Array.from({ length: 100 }, (_, index) => `row-${index}`);
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let articleId = rows.pop(); articleId !== undefined; articleId = rows.pop()) {
          const text = `${round}`;
          try {
            await dynamoDb.send(
              new PutItemCommand({
                TableName: 'small-articles',
                Item: { articleId: { S: articleId }, sk: { S: 'head' }, text: { S: text } },
              }),
            );
            wrote.set(articleId, text);
          } catch {
            return;
          }
          if (rows.length === 40) child.kill('SIGKILL');
        }
      }),
    );
    await kill(running);
    running = await start(data);
  }
  const heads = await itemsOf(running, 'small-articles');
  expect(heads.length).toBeGreaterThanOrEqual(wrote.size);
  // The projection's last image equals the row, whether or not the write was acknowledged.
  await eventually('every row in the feed as it is', async () => {
    const seen = await Promise.all(
      heads.map(async ({ articleId, text }) => {
        const { Item } = await running.dynamoDb.send(
          new GetItemCommand({
            TableName: 'small-feeds',
            Key: { feedId: { S: 'latest' }, sk: { S: articleId?.S ?? '' } },
          }),
        );
        return Item?.['history']?.L?.at(-1)?.S?.endsWith(`> ${text?.S ?? ''}`) ?? false;
      }),
    );
    return seen.every(Boolean) ? true : undefined;
  });
}, 120_000);

test('messages, their receive counts and their delays survive a restart', async () => {
  const data = join(directory, 'messages');
  let running = await start(data);
  const queueUrl = (): string => `${running.awsUrl}/000000000000/small-project-dlq`;
  await running.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: 'kept' }));
  await running.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: 'delayed', DelaySeconds: 900 }));
  await running.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl() }));
  // If a later write was acknowledged, the earlier ones are safe, too.
  await running.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: 'last', DelaySeconds: 900 }));
  await kill(running);
  running = await start(data);
  const { Messages } = await running.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl(),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  expect(Messages).toMatchObject([{ Body: 'kept', Attributes: { ApproximateReceiveCount: '2' } }]);
}, 60_000);
