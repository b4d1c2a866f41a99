import { setImmediate } from 'node:timers/promises';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ThrottlingException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { HttpResponse, type HttpRequest } from '@smithy/core/protocols';
import { DynamoDbEngine } from '../../tools/laptop/dynamodb/dynamodb-engine.ts';
import { PartitionLimits } from '../../tools/laptop/dynamodb/partition-limits.ts';

const TableName = 'rows';
const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
/** 100 write units, and as a strongly consistent read 25. */
const row = (id: string, sk: string) => ({ id: { S: id }, sk: { S: sk }, text: { S: 'x'.repeat(102_300) } });

describe('one partition key value of a DynamoDB table on the laptop', () => {
  const engine = DynamoDbEngine.open(undefined);
  let now = 0;
  let limits: PartitionLimits;
  let afterFirst = (): void => undefined;
  /** AWS's own client, whose calls go to the engine without a connection. */
  const client = (maxAttempts: number): DynamoDBClient =>
    new DynamoDBClient({
      ...local,
      maxAttempts,
      requestHandler: {
        handle: async ({ headers, body }: HttpRequest) => {
          const operation = headers['x-amz-target']?.split('.')[1] ?? '';
          const sent = new TextDecoder().decode(body as Uint8Array);
          const answer = await engine.call(operation, sent, limits);
          afterFirst();
          return {
            response: new HttpResponse({
              statusCode: answer.status,
              headers: answer.headers,
              body: Buffer.from(answer.body),
            }),
          };
        },
      },
    });
  const once = client(1);
  const put = (id: string, sk: string) => once.send(new PutItemCommand({ TableName, Item: row(id, sk) }));
  const get = (id: string, sk: string) =>
    once.send(new GetItemCommand({ TableName, Key: { id: { S: id }, sk: { S: sk } }, ConsistentRead: true }));
  const fill = async (id: string): Promise<void> => {
    for (let index = 0; index < 10; index += 1) await put(id, String(index));
  };

  beforeAll(async () => {
    await engine.call(
      'CreateTable',
      JSON.stringify({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: ['id', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      }),
    );
    while (!(await engine.call('DescribeTable', JSON.stringify({ TableName }))).body.includes('ACTIVE'))
      await setImmediate();
  });
  beforeEach(() => {
    now += 3_600_000;
    limits = new PartitionLimits(new Map([[TableName, 'id']]), () => now);
    afterFirst = () => undefined;
  });
  afterAll(async () => {
    await engine.close();
  });

  test('accepts a thousand write units in a second, and then throttles as AWS does', async () => {
    await fill('hot');
    const error = await put('hot', '10').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ThrottlingException);
    expect((error as ThrottlingException).throttlingReasons).toEqual([
      {
        reason: 'TableWriteKeyRangeThroughputExceeded',
        resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/rows',
      },
    ]);
    now += 1000;
    await expect(put('hot', '10')).resolves.toBeDefined();
  });

  test('does not throttle other partitions, nor reads for writes', async () => {
    await fill('hot');
    await expect(put('hot', '0')).rejects.toBeInstanceOf(ThrottlingException);
    await expect(put('other', '0')).resolves.toBeDefined();
    await expect(get('hot', '0')).resolves.toHaveProperty('Item');
  });

  test('allows three thousand read units in a second, by single reads and by queries', async () => {
    await fill('read');
    const query = (ConsistentRead: boolean) =>
      once.send(
        new QueryCommand({
          TableName,
          ConsistentRead,
          KeyConditionExpression: 'id = :id',
          ExpressionAttributeValues: { ':id': { S: 'read' } },
        }),
      );
    // 250 units each, and 125 if eventually consistent.
    for (let index = 0; index < 11; index += 1) await query(true);
    await query(false);
    for (let index = 0; index < 5; index += 1) await get('read', '0');
    await expect(get('read', '0')).rejects.toMatchObject({
      name: 'ThrottlingException',
      throttlingReasons: [{ reason: 'TableReadKeyRangeThroughputExceeded' }],
    });
    await expect(query(false)).rejects.toBeInstanceOf(ThrottlingException);
  });

  test('counts a failed condition, and an update by the size of its whole row', async () => {
    await put('cold', '0');
    const update = () =>
      once.send(
        new UpdateItemCommand({
          TableName,
          Key: { id: { S: 'cold' }, sk: { S: '0' } },
          UpdateExpression: 'SET n = :n',
          ExpressionAttributeValues: { ':n': { N: '1' } },
        }),
      );
    for (let index = 0; index < 8; index += 1) await update();
    const refused = () =>
      once.send(
        new PutItemCommand({ TableName, Item: row('cold', '0'), ConditionExpression: 'attribute_not_exists(id)' }),
      );
    for (let index = 0; index < 100; index += 1)
      await expect(refused()).rejects.toHaveProperty('name', 'ConditionalCheckFailedException');
    await expect(refused()).rejects.toBeInstanceOf(ThrottlingException);
  });

  test("is retried by AWS's client until it serves", async () => {
    await fill('again');
    let calls = 0;
    afterFirst = () => {
      calls += 1;
      now += 1000;
    };
    await client(3).send(new PutItemCommand({ TableName, Item: row('again', '10') }));
    expect(calls).toBe(2);
  });

  test('returns its units only to a caller that asks for them', async () => {
    expect(await put('asked', '0')).not.toHaveProperty('ConsumedCapacity');
    expect(
      await once.send(new PutItemCommand({ TableName, Item: row('asked', '0'), ReturnConsumedCapacity: 'TOTAL' })),
    ).toHaveProperty('ConsumedCapacity.CapacityUnits', 100);
  });
});
