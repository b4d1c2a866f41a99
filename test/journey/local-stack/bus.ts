import { BatchWriteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from '@jest/globals';
import { dynamoDb, eventBridge, historyOf, publish, sqs, take, urlOf } from './shared-stack.ts';

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
