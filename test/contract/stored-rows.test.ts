import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { BatchWriteItemCommand, CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import dynalite from 'dynalite';
import { DynamoDbArticles, DynamoDbFronts, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import { MemorySettleSchedule } from '../fakes/memory-messages.ts';
import { settleAny } from '../../shared/article/settle-article.ts';
import { settingsAt } from './engines.ts';
import { fieldsOfTomorrow, readingsOf, rowOf, rowOfTomorrow, type RawRow, type StoredRows } from './stored-rows.ts';
import { closeServer } from '../close-server.ts';

const directory = 'test/fixtures/rows';

interface Rows {
  readonly articles: readonly RawRow[];
  readonly feeds: readonly RawRow[];
}

function recorded(file: string): { readonly rows: Rows; readonly readings: Readings } {
  const { articles, feeds, readings } = JSON.parse(readFileSync(`${directory}/${file}`, 'utf8')) as StoredRows;
  return { rows: { articles: articles.map(rowOf), feeds: feeds.map(rowOf) }, readings: readings as Readings };
}

type Readings = Readonly<Record<string, { readonly head?: Readonly<Record<string, unknown>> }>>;

/** Tables that hold these rows, with today's adapters. */
async function tablesOf(rows: Rows) {
  const server = dynalite({ createTableMs: 0 });
  server.listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sdk = new DynamoDBClient(settingsAt(port));
  const dynamoDb = documentClient(settingsAt(port));
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
      await sdk.send(
        new BatchWriteItemCommand({
          RequestItems: { [table]: stored.slice(at, at + 25).map((Item: RawRow) => ({ PutRequest: { Item } })) },
        }),
      );
  }
  return {
    adapters: {
      articles: new DynamoDbArticles(new Table(dynamoDb, 'articles')),
      fronts: new DynamoDbFronts(new Table(dynamoDb, 'articles')),
      pictures: new DynamoDbPictures(new Table(dynamoDb, 'articles')),
      feeds: new DynamoDbFeeds(new Table(dynamoDb, 'feeds'), { now: Date.now }),
    },
    articleRows: async (): Promise<RawRow[]> =>
      (await sdk.send(new ScanCommand({ TableName: 'articles' }))).Items ?? [],
    close: async (): Promise<void> => {
      dynamoDb.destroy();
      sdk.destroy();
      await closeServer(server);
    },
  };
}

let tables: Awaited<ReturnType<typeof tablesOf>>;

/**
 * Recordings are never replaced, since tables in use hold such rows. A change of shape adds one (`node
 * test/contract/record-rows.ts NAME`).
 */
describe.each(readdirSync(directory))('rows of an earlier release: %s', (file) => {
  const { rows, readings } = recorded(file);

  beforeAll(async () => {
    tables = await tablesOf(rows);
  });

  afterAll(async () => tables.close());

  test('are read by the adapters as they were then', async () => {
    expect(Object.keys(readings).length).toBeGreaterThan(10);
    expect(await readingsOf(tables.adapters, rows)).toEqual(readings);
  });

  test('have the present schema number once a head is written again', async () => {
    const { articles: store } = tables.adapters;
    const id =
      rows.articles.find(({ sk, standing, uri }) => sk?.S === 'head' && standing?.S === 'live' && uri !== undefined)?.[
        'articleId'
      ]?.S ?? '';
    const head = await store.head(id);
    expect(head && (await store.writeHead({ ...head, seq: head.seq + 1 }, head.seq))).toBe(true);
    expect(
      (await tables.articleRows()).find(({ articleId, sk }) => articleId?.S === id && sk?.S === 'head')?.['schema'],
    ).toEqual({ N: '1' });
    expect((await store.head(id))?.seq).toBe((head?.seq ?? 0) + 1);
  });
});

/** After a rollback, rows of the newer release remain, and the older code has to read them. */
describe.each(readdirSync(directory))('rows of a newer release: %s', (file) => {
  const { rows, readings } = recorded(file);
  const articleRows = rows.articles.map(rowOfTomorrow);
  // More than one page of rows of an unknown kind, before the holds: reading must not stop before the holds.
  const held = rows.articles.filter(({ sk }) => sk?.S?.startsWith('h#')).map((row) => row['articleId']?.S ?? '');
  const unknownRows = held.flatMap((id): RawRow[] =>
    Array.from({ length: 7 }, (_, n) => ({ articleId: { S: id }, sk: { S: `b#${n}` }, schema: { N: '2' } })),
  );
  const newer = { articles: [...articleRows, ...unknownRows], feeds: rows.feeds.map(rowOfTomorrow) };
  const partitions = [...new Set(rows.articles.map((row) => row['articleId']?.S ?? ''))].filter((id) =>
    /^(?:front#.*|picture#.*|[a-z2-7]{16})$/.test(id),
  );
  const now = Math.max(...rows.articles.map(({ settledAt }) => Number(settledAt?.N ?? 0)));

  beforeAll(async () => {
    tables = await tablesOf(newer);
  });

  afterAll(async () => tables.close());

  test('are read by this release as far as it knows their fields', async () => {
    expect(held.length).toBeGreaterThan(2);
    expect(await readingsOf(tables.adapters, newer)).toMatchObject(readings);
  });

  test('are settled to the same visible state, and no version is lost', async () => {
    const versionsIn = (stored: readonly RawRow[]): RawRow[] =>
      stored
        .filter(({ sk }) => sk?.S?.startsWith('v#'))
        .sort((a, b) => ((a['sk']?.S ?? '') < (b['sk']?.S ?? '') ? -1 : 1));
    const before = versionsIn(await tables.articleRows());
    const ports = { ...tables.adapters, settleSchedule: new MemorySettleSchedule(), clock: { now: () => now } };
    for (const id of partitions) await settleAny(ports, id);

    const settled = (await readingsOf(tables.adapters, newer)) as Readings;
    for (const [id, { head }] of Object.entries(readings))
      expect({ id, head: shownIn(settled[id]?.head) }).toMatchObject({ id, head: shownIn(head) });
    // Whatever the newer release added stays for the day that it comes back, in versions and in cards: a card that is
    // computed otherwise is no change of its article.
    expect(versionsIn(await tables.articleRows())).toEqual(before);
    const live = (await tables.articleRows()).filter(({ sk, card }) => sk?.S === 'head' && card !== undefined);
    expect(live.map(({ card }) => card?.S?.includes(fieldsOfTomorrow.novelty))).toEqual(live.map(() => true));
    expect(live.length).toBeGreaterThan(0);
  });
});

/** The parts of a head that do not depend on the number of writes. */
function shownIn(head: Readonly<Record<string, unknown>> | undefined): object {
  const { seq, settledAt, change, origin, ...shown } = head ?? {};
  return shown;
}
