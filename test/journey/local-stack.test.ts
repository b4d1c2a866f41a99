import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { PortTaken, startLocalStack, type LocalStack, type StackLog } from '../../tools/laptop/stack.ts';
import { callAws, functionOf, publishing, queueOf, writeAssembly } from '../fixtures/small-assembly.ts';
import { eventually } from './eventually.ts';

// Timeouts, windows and visibility run in real time here, on a machine that may be busy.
jest.setTimeout(60_000);

const directory = mkdtempSync(join(tmpdir(), 'pressrun-test-'));
const logged: StackLog[] = [];
let stack: LocalStack;
let dynamoDb: DynamoDBClient;
let eventBridge: EventBridgeClient;
let scheduler: SchedulerClient;
let sqs: SQSClient;

const arn = (logicalId: string): unknown => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

const assembly = writeAssembly(join(directory, 'assembly'), {
  ...publishing,
  resources: {
    ...publishing.resources,
    Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'small' } },
    Inbox: queueOf('small-inbox'),
    StrictRule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { 'detail-type': ['strict.published'] },
        Targets: [{ Id: 'Queue', Arn: arn('Strict') }],
      },
    },
    Partner: { Type: 'AWS::Events::EventBus', Properties: { Name: 'partner' } },
    ToPartner: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { 'detail-type': ['partner.sent'] },
        Targets: [{ Id: 'Bus', Arn: arn('Partner'), RoleArn: arn('Role') }],
      },
    },
    AtPartner: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Partner' },
        EventPattern: { detail: { wanted: [true] } },
        Targets: [{ Id: 'Queue', Arn: arn('Sent') }],
      },
    },
    Sent: queueOf('partner-sent'),
    StrictDeadLetters: queueOf('small-strict-dlq'),
    // Short of patience, so that a test need not have any.
    Strict: queueOf('small-strict', {
      VisibilityTimeout: 1,
      RedrivePolicy: { deadLetterTargetArn: arn('StrictDeadLetters'), maxReceiveCount: 2 },
    }),
    StrictSource: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Store' },
        EventSourceArn: arn('Strict'),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
    Kept: queueOf('small-kept'),
    AskedDeadLetters: queueOf('small-asked-dlq'),
    Asked: queueOf('small-asked', {
      VisibilityTimeout: 2,
      RedrivePolicy: { deadLetterTargetArn: arn('AskedDeadLetters'), maxReceiveCount: 2 },
    }),
    AskedSource: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: 'Odd' }, EventSourceArn: arn('Asked'), BatchSize: 1 },
    },
    Odd: functionOf(
      'odd',
      { GREETING: { 'Fn::Join': ['-', ['hello', { Ref: 'AWS::Region' }]] }, INBOX: { Ref: 'Inbox' } },
      { Timeout: 1 },
    ),
    Collected: queueOf('small-collected'),
    CollectedSource: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Count' },
        EventSourceArn: arn('Collected'),
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 1,
        FilterCriteria: { Filters: [{ Pattern: '{"body":{"wanted":[true]}}' }] },
      },
    },
    Count: functionOf('count', { INBOX: { Ref: 'Inbox' } }),
    Site: functionOf('site'),
    SiteUrl: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: arn('Site'), AuthType: 'AWS_IAM' } },
    Policy: {
      Type: 'AWS::CloudFront::CachePolicy',
      Properties: {
        CachePolicyConfig: {
          Name: 'small',
          MinTTL: 0,
          DefaultTTL: 0,
          MaxTTL: 60,
          ParametersInCacheKeyAndForwardedToOrigin: {
            QueryStringsConfig: { QueryStringBehavior: 'whitelist', QueryStrings: ['q'] },
          },
        },
      },
    },
    Distribution: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          CacheTagConfig: { HeaderName: 'Cache-Tag' },
          DefaultCacheBehavior: { TargetOriginId: 'site', CachePolicyId: { Ref: 'Policy' } },
          Origins: [
            {
              Id: 'site',
              DomainName: { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['SiteUrl', 'FunctionUrl'] }] }] },
            },
          ],
        },
      },
    },
    Pipe: { Type: 'AWS::Pipes::Pipe', Properties: {} },
    Role: { Type: 'AWS::IAM::Role', Properties: {} },
    Elsewhere: { Type: 'AWS::Kinesis::Stream', Condition: 'Never', Properties: {} },
  },
  conditions: { Never: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'mars-north-1'] } },
  code: {
    ...publishing.code,
    odd: `${callAws}
let calls = 0;
exports.handler = async ({ Records: [{ body }] }, context) => {
  calls += 1;
  const say = (text) => call('AmazonSQS.SendMessage', { QueueUrl: process.env.INBOX, MessageBody: text });
  if (body === 'environment') return say(JSON.stringify({ ...process.env, name: context.functionName, left: context.getRemainingTimeInMillis() }));
  if (body === 'calls') return say('calls ' + calls);
  if (body === 'hang') { await say('hanging'); return new Promise((resolve) => setTimeout(resolve, 60000)); }
  if (body === 'crash') { await say('crashing'); setImmediate(() => { throw new Error('crashed'); }); return new Promise(() => {}); }
};`,
    count: `${callAws}
exports.handler = ({ Records }) => call('AmazonSQS.SendMessage', { QueueUrl: process.env.INBOX, MessageBody: 'counted ' + Records.map(({ body }) => JSON.parse(body).number).sort() });`,
    site: `exports.handler = async (event) => event.rawPath === '/broken' ? (() => { throw new Error('broken'); })() : ({
      statusCode: 200,
      headers: { 'content-type': 'text/plain', 'cache-control': 's-maxage=60', 'cache-tag': 'page' },
      body: Buffer.from([event.version, event.requestContext.http.method, event.rawPath, JSON.stringify(event.queryStringParameters)].join(' ')).toString('base64'),
      isBase64Encoded: true,
    });`,
  },
});

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

const urlOf = (queue: string): string => `${stack.awsUrl}/000000000000/${queue}`;

async function publish(
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

function historyOf(articleId: string, length: number): Promise<readonly string[]> {
  return eventually(`${length} changes of ${articleId}`, async () => {
    const changes = await history(articleId);
    return changes.length >= length ? changes : undefined;
  });
}

async function take(queue: string, wanted: (body: string) => boolean = () => true): Promise<string> {
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

const send = (queue: string, body: string): Promise<unknown> =>
  sqs.send(new SendMessageCommand({ QueueUrl: urlOf(queue), MessageBody: body }));

describe('from the bus to the feeds', () => {
  test('an event goes through queue, function, stream and function, with characters beyond the basic plane', async () => {
    await publish({ articleId: 'way', text: 'Grüße 🎉' });
    expect(await historyOf('way', 1)).toEqual(['INSERT - > Grüße 🎉']);
    await publish({ articleId: 'way', text: 'again' });
    expect(await historyOf('way', 2)).toEqual(['INSERT - > Grüße 🎉', 'MODIFY Grüße 🎉 > again']);
  });

  test('events that the pattern excludes are not delivered', async () => {
    await publish({ articleId: 'ignored' }, { Source: 'small' });
    await publish({ articleId: 'ignored' }, { DetailType: 'weather.changed' });
    await publish({ articleId: 'after' });
    await historyOf('after', 1);
    const { Count } = await dynamoDb.send(
      new QueryCommand({
        TableName: 'small-articles',
        KeyConditionExpression: 'articleId = :id',
        ExpressionAttributeValues: { ':id': { S: 'ignored' } },
      }),
    );
    expect(Count).toBe(0);
  });

  test('an event is forwarded to another bus unchanged, and is delivered by the rules of that bus', async () => {
    await publish({ wanted: false }, { DetailType: 'partner.sent' });
    const id = await publish({ wanted: true }, { DetailType: 'partner.sent' });
    await publish({ wanted: true }, { DetailType: 'partner.missed' });
    expect(JSON.parse(await take('partner-sent'))).toMatchObject({
      id,
      source: 'test',
      'detail-type': 'partner.sent',
      detail: { wanted: true },
    });
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf('partner-sent') }));
    expect(Messages).toEqual([]);
  });

  test('entries that EventBridge rejects are rejected one by one', async () => {
    const { FailedEntryCount, Entries = [] } = await eventBridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: 'small',
            Source: 'test',
            DetailType: 'article.published',
            Detail: '{"articleId":"one-of-four"}',
          },
          { EventBusName: 'small', Source: 'test', DetailType: 'article.published', Detail: '{"articleId":' },
          { EventBusName: 'small', DetailType: 'article.published', Detail: '{}' },
          { EventBusName: 'nowhere', Source: 'test', DetailType: 'article.published', Detail: '{}' },
        ],
      }),
    );
    expect(FailedEntryCount).toBe(3);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'InvalidArgument',
      'ResourceNotFoundException',
    ]);
    await expect(eventBridge.send(new PutEventsCommand({ Entries: [] }))).rejects.toThrow('entries');
    await historyOf('one-of-four', 1);
  });

  test('a message that is reported as failed is retried alone, then moved to the dead-letter queue', async () => {
    await publish({ articleId: 'refused', refuse: true }, { DetailType: 'strict.published' });
    const body = await take('small-strict-dlq', (text) => text.includes('refused'));
    expect(JSON.parse(body)).toMatchObject({
      source: 'test',
      'detail-type': 'strict.published',
      detail: { articleId: 'refused' },
    });
  });

  test('a failing record is isolated and sent to the failure destination, and its neighbours are processed', async () => {
    await dynamoDb.send(
      new BatchWriteItemCommand({
        RequestItems: {
          'small-articles': ['a', 'b', 'c', 'd', 'e', 'f'].map((articleId) => ({
            PutRequest: {
              Item: {
                articleId: { S: `batch-${articleId}` },
                sk: { S: 'head' },
                text: { S: articleId === 'c' ? 'poison' : articleId },
              },
            },
          })),
        },
      }),
    );
    await Promise.all(['a', 'b', 'd', 'e', 'f'].map((articleId) => historyOf(`batch-${articleId}`, 1)));
    const failure = JSON.parse(await take('small-project-dlq')) as Record<string, unknown>;
    expect(failure).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      responseContext: { functionError: 'Unhandled' },
      DDBStreamBatchInfo: { batchSize: 1, streamArn: expect.stringContaining('small-articles/stream/') as unknown },
    });
  });
});

describe('the stream', () => {
  const Key = { articleId: { S: 'streamed' }, sk: { S: 'head' } };
  const TableName = 'small-articles';

  test('has each change of a row, in order, with both images, and no record of a write that changed nothing', async () => {
    for (const text of ['one', 'two', 'two', 'three'])
      await dynamoDb.send(new PutItemCommand({ TableName, Item: { ...Key, text: { S: text } } }));
    await dynamoDb.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET #text = :text',
        ExpressionAttributeNames: { '#text': 'text' },
        ExpressionAttributeValues: { ':text': { S: 'four' } },
      }),
    );
    await expect(
      dynamoDb.send(
        new PutItemCommand({
          TableName,
          Item: { ...Key, text: { S: 'no' } },
          ConditionExpression: 'attribute_not_exists(sk)',
        }),
      ),
    ).rejects.toThrow(ConditionalCheckFailedException);
    await dynamoDb.send(new DeleteItemCommand({ TableName, Key }));
    await dynamoDb.send(new DeleteItemCommand({ TableName, Key }));
    expect(await historyOf('streamed', 5)).toEqual([
      'INSERT - > one',
      'MODIFY one > two',
      'MODIFY two > three',
      'MODIFY three > four',
      'REMOVE four > undefined',
    ]);
  });

  test('keeps the order of concurrent writers', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        dynamoDb.send(
          new PutItemCommand({
            TableName,
            Item: { articleId: { S: 'contended' }, sk: { S: 'head' }, text: { S: String(index) } },
          }),
        ),
      ),
    );
    const changes = await historyOf('contended', 40);
    let before = '-';
    for (const change of changes) {
      const [, old, now = ''] = /^\w+ (\S+) > (\S+)$/.exec(change) ?? [];
      expect(old).toBe(before);
      before = now;
    }
  });

  test('is part of the table’s description', async () => {
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    const { TimeToLiveDescription } = await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName: 'small-feeds' }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
  });
});

describe('a function', () => {
  test('has the environment of the template, and none of this process', async () => {
    await send('small-asked', 'environment');
    const environment = JSON.parse(await take('small-inbox', (body) => body.startsWith('{'))) as Record<
      string,
      unknown
    >;
    expect(environment).toMatchObject({
      GREETING: 'hello-us-east-1',
      INBOX: urlOf('small-inbox'),
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: stack.awsUrl,
      AWS_LAMBDA_FUNCTION_NAME: 'small-odd',
      name: 'small-odd',
    });
    expect(environment).not.toHaveProperty('PATH');
    expect(environment).not.toHaveProperty('NODE_OPTIONS');
  });

  test.each(['hang', 'crash'])(
    'that does not return (%s) fails and gets a new process, and its message is received again',
    async (how) => {
      await send('small-asked', how);
      const word = `${how}ing`;
      await take('small-inbox', (body) => body === word);
      await take('small-inbox', (body) => body === word);
      await send('small-asked', 'calls');
      expect(Number((await take('small-inbox', (body) => body.startsWith('calls'))).slice(6))).toBeGreaterThan(0);
      expect(
        logged.some(
          ({ from, level, line }) =>
            from === 'small-odd' &&
            level === 'error' &&
            line.includes(how === 'hang' ? 'Task timed out after 1.00 seconds' : 'crashed'),
        ),
      ).toBe(true);
    },
  );

  test('gets the messages of its batching window as one batch, without those that the filter excludes', async () => {
    await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: urlOf('small-collected'),
        Entries: [1, 2, 3, 4].map((number) => ({
          Id: String(number),
          MessageBody: JSON.stringify({ number, wanted: number !== 3 }),
        })),
      }),
    );
    expect(await take('small-inbox', (body) => body.startsWith('counted'))).toBe('counted 1,2,4');
    const { Attributes } = await eventually('an empty queue', async () => {
      const found = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: urlOf('small-collected'), AttributeNames: ['All'] }),
      );
      return found.Attributes?.['ApproximateNumberOfMessagesNotVisible'] === '0' ? found : undefined;
    });
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:small-collected',
    });
  });
});

describe('queues', () => {
  test('are found by name, and a missing one is the SDK’s QueueDoesNotExist', async () => {
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'small-inbox' }))).QueueUrl).toBe(urlOf('small-inbox'));
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'nowhere' }))).rejects.toThrow(QueueDoesNotExist);
  });

  test('keep attributes, count receives and can return a message at once', async () => {
    const QueueUrl = urlOf('small-kept');
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'attributed',
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'test' },
          bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
        },
      }),
    );
    for (const count of ['1', '2']) {
      const { Messages: [message] = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds: 1,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      expect(message).toMatchObject({
        Body: 'attributed',
        Attributes: { ApproximateReceiveCount: count },
        MessageAttributes: { kind: { StringValue: 'test' }, bytes: { BinaryValue: Uint8Array.from([1, 2]) } },
      });
      await sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 }),
      );
    }
  });

  test('move their dead letters back on request', async () => {
    await publish({ articleId: 'redriven', refuse: true }, { DetailType: 'strict.published' });
    await eventually('a dead letter', async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: urlOf('small-strict-dlq'),
          AttributeNames: ['ApproximateNumberOfMessages'],
        }),
      );
      return Attributes?.['ApproximateNumberOfMessages'] === '0' ? undefined : true;
    });
    await sqs.send(
      new StartMessageMoveTaskCommand({
        SourceArn: 'arn:aws:sqs:us-east-1:000000000000:small-strict-dlq',
        DestinationArn: 'arn:aws:sqs:us-east-1:000000000000:small-inbox',
      }),
    );
    expect(await take('small-inbox', (body) => body.includes('redriven'))).toContain('redriven');
  });
});

describe('schedules', () => {
  const Target = {
    Arn: 'arn:aws:sqs:us-east-1:000000000000:small-inbox',
    RoleArn: 'arn:aws:iam::000000000000:role/any',
    Input: '{"woken":true}',
  };
  const common = {
    GroupName: 'small',
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    ActionAfterCompletion: 'DELETE' as const,
    Target,
  };

  test('of the past are sent at once and deleted', async () => {
    await scheduler.send(
      new CreateScheduleCommand({ ...common, Name: 'past', ScheduleExpression: 'at(2020-01-01T00:00:00)' }),
    );
    expect(await take('small-inbox', (body) => body.includes('woken'))).toBe('{"woken":true}');
    await eventually('the schedule to be gone', () =>
      scheduler.send(new GetScheduleCommand({ GroupName: 'small', Name: 'past' })).then(
        () => undefined,
        (error: unknown) => (error instanceof ResourceNotFoundException ? true : undefined),
      ),
    );
  });

  test('of the future wait; a name is taken once, and a repeated call with one client token is accepted', async () => {
    const create = new CreateScheduleCommand({
      ...common,
      Name: 'future',
      ScheduleExpression: 'at(2099-01-01T00:00:00)',
      ClientToken: 'once',
    });
    await scheduler.send(create);
    await scheduler.send(create);
    await expect(
      scheduler.send(
        new CreateScheduleCommand({ ...common, Name: 'future', ScheduleExpression: 'at(2098-01-01T00:00:00)' }),
      ),
    ).rejects.toThrow(ConflictException);
    const { Schedules } = await scheduler.send(new ListSchedulesCommand({ GroupName: 'small' }));
    expect(Schedules?.map(({ Name }) => Name)).toEqual(['future']);
    expect(await scheduler.send(new GetScheduleCommand({ GroupName: 'small', Name: 'future' }))).toMatchObject({
      ScheduleExpression: 'at(2099-01-01T00:00:00)',
      State: 'ENABLED',
      Target,
    });
    await scheduler.send(new DeleteScheduleCommand({ GroupName: 'small', Name: 'future' }));
    await expect(
      scheduler.send(new CreateScheduleCommand({ ...common, Name: 'odd', ScheduleExpression: 'rate(5 minutes)' })),
    ).rejects.toThrow('Invalid Schedule Expression');
  });
});

describe('the edge', () => {
  test('sends a request to the function behind the URL once', async () => {
    const first = await fetch(`${stack.edgeUrl}/a%20b?q=1&q=2&other=3`);
    expect(await first.text()).toBe('2.0 GET /a%20b {"q":"1,2"}');
    expect(first.headers.get('x-cache')).toBe('Miss from cloudfront');
    const second = await fetch(`${stack.edgeUrl}/a%20b?q=1&q=2`);
    expect(second.headers.get('x-cache')).toBe('Hit from cloudfront');
  });

  test('answers 502 for a function that fails', async () => {
    expect((await fetch(`${stack.edgeUrl}/broken`)).status).toBe(502);
  });
});

describe('the stack', () => {
  test('names the resource types that it does not run in one line', () => {
    expect(logged.filter(({ line }) => line.startsWith('not run')).map(({ line }) => line)).toEqual([
      'not run on a laptop: AWS::Pipes::Pipe',
    ]);
  });

  test('reports its outputs', () => {
    expect(stack.outputs).toEqual({ BusName: 'small', ArticlesTableName: 'small-articles' });
    expect(stack.busName).toBe('small');
  });

  test('names the variable of a port that is taken', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen({ port: 0, host: '127.0.0.1' }, resolve));
    const { port } = blocker.address() as AddressInfo;
    await expect(startLocalStack({ assembly, awsPort: port, edgePort: 0 })).rejects.toThrow(PortTaken);
    await expect(startLocalStack({ assembly, awsPort: 0, edgePort: port })).rejects.toThrow('PRESSRUN_EDGE_PORT');
    await new Promise((resolve) => blocker.close(resolve));
  });

  test('answers an unknown operation with an error that names it', async () => {
    const response = await fetch(stack.awsUrl, {
      method: 'POST',
      headers: { 'x-amz-target': 'TrentService.Encrypt' },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining('TrentService') as unknown,
    });
  });
});
