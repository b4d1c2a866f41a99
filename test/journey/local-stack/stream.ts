import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { dynamoDb, historyOf } from './shared-stack.ts';

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
