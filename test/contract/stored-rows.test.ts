import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { BatchWriteItemCommand, CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import dynalite from 'dynalite';
import { DynamoDb } from '../../shared/aws/dynamodb.ts';
import { DynamoDbArticles, DynamoDbFronts, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import type { Row } from '../../shared/aws/rows.ts';
import { awsAt, local } from './engines.ts';
import { readingsOf, rowOf, type Recording } from './stored-rows.ts';

const directory = 'test/fixtures/rows';

/** Recordings are never made anew: what once was stored lies in somebody's tables. A change of shape adds one (`node test/contract/record-rows.ts NAME`). */
describe.each(readdirSync(directory))('rows as they were stored: %s', (file) => {
  const { articles, feeds, readings } = JSON.parse(readFileSync(`${directory}/${file}`, 'utf8')) as Recording;
  const rows = { articles: articles.map(rowOf), feeds: feeds.map(rowOf) };
  const server = dynalite({ createTableMs: 0 });
  let sdk: DynamoDBClient;
  let dynamoDb: DynamoDb;
  let close = (): void => undefined;

  beforeAll(async () => {
    server.listen({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    sdk = new DynamoDBClient({ ...local, endpoint: `http://127.0.0.1:${port}` });
    const aws = awsAt(port);
    dynamoDb = new DynamoDb(aws);
    close = () => {
      aws.destroy();
      sdk.destroy();
    };
    for (const [table, partition, stored] of [
      ['articles', 'articleId', rows.articles],
      ['feeds', 'feedId', rows.feeds],
    ] as const) {
      await sdk.send(
        new CreateTableCommand({
          TableName: table,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [partition, 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
          KeySchema: [
            { AttributeName: partition, KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
        }),
      );
      for (let at = 0; at < stored.length; at += 25)
        await sdk.send(new BatchWriteItemCommand({ RequestItems: { [table]: stored.slice(at, at + 25).map((Item: Row) => ({ PutRequest: { Item } })) } }));
    }
  });

  afterAll(async () => {
    close();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });

  const adapters = () => ({
    articles: new DynamoDbArticles(dynamoDb, 'articles'),
    fronts: new DynamoDbFronts(dynamoDb, 'articles'),
    pictures: new DynamoDbPictures(dynamoDb, 'articles'),
    feeds: new DynamoDbFeeds(dynamoDb, 'feeds', { now: Date.now }),
  });

  test('say today what they said then', async () => {
    expect(Object.keys(readings as object).length).toBeGreaterThan(10);
    expect(await readingsOf(adapters(), rows)).toEqual(readings);
  });

  test('are written anew with the number of their shape', async () => {
    const { articles: store } = adapters();
    const id = rows.articles.find(({ sk, standing, uri }) => sk?.S === 'head' && standing?.S === 'live' && uri !== undefined)?.['articleId']?.S ?? '';
    const head = await store.head(id);
    expect(head && (await store.writeHead({ ...head, seq: head.seq + 1 }, head.seq))).toBe(true);
    const { Items = [] } = await sdk.send(new ScanCommand({ TableName: 'articles' }));
    expect(Items.find(({ articleId, sk }) => articleId?.S === id && sk?.S === 'head')?.['schema']).toEqual({ N: '1' });
    expect((await store.head(id))?.seq).toBe((head?.seq ?? 0) + 1);
  });
});
