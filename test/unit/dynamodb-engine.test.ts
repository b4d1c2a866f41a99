import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import dynalite from 'dynalite';
import { DynamoDbEngine } from '../../tools/laptop/dynamodb/dynamodb-engine.ts';
import { closeServer } from '../close-server.ts';

const table = {
  TableName: 'stories',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const Item = { id: { S: 'ä' }, seq: { N: '1' } };

describe('dynalite within this process', () => {
  const server = dynalite({ createTableMs: 0 });
  const engine = DynamoDbEngine.open(undefined);
  let overHttp: DynamoDbEngine;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    overHttp = DynamoDbEngine.at(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (const one of [engine, overHttp]) {
      await one.call('CreateTable', JSON.stringify(table));
      while ((await one.call('PutItem', JSON.stringify({ TableName: table.TableName, Item }))).status !== 200);
    }
  });
  afterAll(async () => {
    await engine.close();
    await closeServer(server);
  });

  test.each([
    ['GetItem', JSON.stringify({ TableName: 'stories', Key: { id: Item.id } })],
    ['GetItem', JSON.stringify({ TableName: 'stories', Key: { id: { S: 'none' } } })],
    ['GetItem', JSON.stringify({ TableName: 'nowhere', Key: { id: Item.id } })],
    ['GetItem', JSON.stringify({ TableName: 'stories', Key: { other: Item.id } })],
    [
      'Query',
      JSON.stringify({
        TableName: 'stories',
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': Item.id },
      }),
    ],
    ['Query', JSON.stringify({ TableName: 'stories', KeyConditionExpression: 'id =' })],
    ['PutItem', JSON.stringify({ TableName: 'stories', Item, ConditionExpression: 'attribute_not_exists(id)' })],
    ['PutItem', JSON.stringify({ TableName: 'stories', Item: 'none' })],
    [
      'UpdateItem',
      JSON.stringify({
        TableName: 'stories',
        Key: { id: Item.id },
        UpdateExpression: 'SET seq = :two',
        ExpressionAttributeValues: { ':two': { N: '2' } },
        ReturnValues: 'ALL_NEW',
      }),
    ],
    ['ListTables', '{}'],
    ['Scan', '{"TableName":'],
    ['Scan', ''],
    ['Guess', '{}'],
  ])('answers %s %s as it does over HTTP', async (operation, body) => {
    const [{ status, body: answer }, expected] = await Promise.all([
      engine.call(operation, body),
      overHttp.call(operation, body),
    ]);
    expect([status, answer]).toEqual([expected.status, expected.body]);
  });

  test.each([1, 50])('lets exactly one of %i concurrent conditional writes succeed', async (writers) => {
    const id = { S: `written by ${writers}` };
    const put = JSON.stringify({ TableName: 'stories', Item: { id }, ConditionExpression: 'attribute_not_exists(id)' });
    const answers = await Promise.all(Array.from({ length: writers }, () => engine.call('PutItem', put)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('closes even if a call under way fails unexpectedly', async () => {
    const other = DynamoDbEngine.open(undefined);
    const call = other.call(
      'Query',
      JSON.stringify({
        TableName: 'stories',
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': null },
      }),
    );
    const [failed, closed] = await Promise.allSettled([call, other.close()]);
    expect([failed.status, closed.status]).toEqual(['rejected', 'fulfilled']);
  });
});
