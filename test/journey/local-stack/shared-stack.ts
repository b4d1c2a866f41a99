import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, jest } from '@jest/globals';
import { startLocalStack, type LocalStack, type StackLog } from '../../../tools/laptop/stack.ts';
import { eventually } from '../eventually.ts';
import { writeSmallAssembly } from './assembly.ts';

// Timeouts, windows and visibility run in real time here, on a machine that may be busy.
jest.setTimeout(60_000);

const directory = mkdtempSync(join(tmpdir(), 'pressrun-test-'));
export const assembly = writeSmallAssembly(join(directory, 'assembly'));
export const logged: StackLog[] = [];
/** The stack that all modules of local-stack.test.ts share. */
export let stack: LocalStack;
export let dynamoDb: DynamoDBClient;
export let eventBridge: EventBridgeClient;
export let scheduler: SchedulerClient;
export let sqs: SQSClient;

beforeAll(async () => {
  stack = await startLocalStack({ assembly, awsPort: 0, edgePort: 0, log: (entry) => logged.push(entry) });
  const settings = {
    endpoint: stack.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  };
  dynamoDb = new DynamoDBClient(settings);
  eventBridge = new EventBridgeClient(settings);
  scheduler = new SchedulerClient(settings);
  sqs = new SQSClient(settings);
});

afterAll(async () => {
  await stack.stop();
  for (const client of [dynamoDb, eventBridge, scheduler, sqs]) client.destroy();
  rmSync(directory, { recursive: true });
});
export const urlOf = (queue: string): string => `${stack.awsUrl}/000000000000/${queue}`;

/** Puts an event on the bus `small`. Returns its id. */
export async function publish(
  detail: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { Entries = [] } = await eventBridge.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: 'small',
          Source: 'test',
          DetailType: 'article.published',
          Detail: JSON.stringify(detail),
          ...more,
        },
      ],
    }),
  );
  return Entries[0]?.EventId ?? `refused: ${Entries[0]?.ErrorCode ?? ''}`;
}

async function history(articleId: string): Promise<readonly string[]> {
  const { Item } = await dynamoDb.send(
    new GetItemCommand({
      TableName: 'small-feeds',
      Key: { feedId: { S: 'latest' }, sk: { S: articleId } },
      ConsistentRead: true,
    }),
  );
  return Item?.['history']?.L?.map(({ S = '' }) => S) ?? [];
}

/** Waits until the second function has written so many changes of an article, and returns them. */
export function historyOf(articleId: string, length: number): Promise<readonly string[]> {
  return eventually(`${length} changes of ${articleId}`, async () => {
    const changes = await history(articleId);
    return changes.length >= length ? changes : undefined;
  });
}

/** Waits for a message in a queue, deletes it and returns its body. */
export async function take(queue: string, wanted: (body: string) => boolean = () => true): Promise<string> {
  return eventually(`a message in ${queue}`, async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: urlOf(queue),
        WaitTimeSeconds: 1,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
      }),
    );
    const found = Messages.find(({ Body = '' }) => wanted(Body));
    if (found) await sqs.send(new DeleteMessageCommand({ QueueUrl: urlOf(queue), ReceiptHandle: found.ReceiptHandle }));
    return found?.Body;
  });
}

export const send = (queue: string, body: string): Promise<unknown> =>
  sqs.send(new SendMessageCommand({ QueueUrl: urlOf(queue), MessageBody: body }));
