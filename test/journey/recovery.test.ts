import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, GetQueueUrlCommand, PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import type { Row } from '../../shared/aws/table.ts';
import { exportFolder, rowsInFolder } from '../../tools/cli/backup-folder.ts';
import { exportRows, restoreRows, rowsIn, rowsOf } from '../../tools/cli/backup.ts';
import { connect, type Connection } from '../../tools/cli/connection.ts';
import { dueAround, release } from '../../tools/cli/scheduled-settles.ts';
import { historyOf } from '../../tools/cli/history.ts';
import { runJob } from '../../tools/cli/jobs.ts';
import { replay } from '../../tools/cli/replay.ts';
import type { JobMode } from '../../shared/job.ts';
import { story } from '../unit/story.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

const restoredTable = 'pressrun-local-articles-restored';
const restoredStream = `arn:aws:dynamodb:us-east-1:000000000000:table/${restoredTable}/stream/2026-05-01T12:00:00.000`;
const uris = Array.from({ length: 6 }, (_, n) => `urn:recovery:${n}`);
const late = 'urn:recovery:after-the-restore-point';
const erased = 'urn:recovery:erased-after-it';

let directory: string;
let newsroom: Newsroom;
let connection: Connection;
let restorePoint: number;

/** Whether any stored version has the text of a story. */
const isReadable = async (uri: string): Promise<boolean> =>
  JSON.stringify((await historyOf(connection.articles, uri)).versions).includes('lorries');

const walk = async (mode: JobMode, at = connection) => runJob(at, mode, () => undefined);
const publish = async (uri: string, minutes = 9): Promise<string> =>
  newsroom.put('article.published', story({ uri, versionCreated: minutesAgo(minutes), headlines: [{ value: uri }] }), {
    receivedAt: Date.now() - minutes * 60_000,
  });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pressrun-recovery-'));
  newsroom = await Newsroom.open(
    { purgeWindowSeconds: '0', slowSources: 'cms.runaway' },
    { dataDirectory: join(directory, 'data') },
  );
  connection = connect('local', newsroom.stack.awsUrl, '');
  for (const uri of uris) await publish(uri);
  await newsroom.put(
    'article.unpublished',
    { uri: uris[5], versionCreated: minutesAgo(8) },
    { receivedAt: Date.now() - 8 * 60_000 },
  );
  await newsroom.until('all are public', async () => (await newsroom.uris('latest')).length === 5);
}, 120_000);

afterAll(async () => {
  await newsroom.close();
  await rm(directory, { recursive: true, force: true });
});

describe('a CMS that floods the bus', () => {
  test('waits in a queue of its own and loses nothing, while other sources are served', async () => {
    const runaway = Array.from({ length: 40 }, (_, n) => `urn:runaway:${n}`);
    for (let start = 0; start < runaway.length; start += 10) {
      await newsroom.eventBridge.send(
        new PutEventsCommand({
          Entries: runaway.slice(start, start + 10).map((uri) => ({
            EventBusName: newsroom.stack.busName,
            Source: 'cms.runaway',
            DetailType: 'article.published',
            Detail: JSON.stringify({
              article: story({
                uri,
                versionCreated: minutesAgo(7),
                subjects: [{ rel: 'section', literal: 'runaway' }],
              }),
            }),
          })),
        }),
      );
    }
    const { QueueUrl } = await newsroom.sqs.send(new GetQueueUrlCommand({ QueueName: 'pressrun-local-store-slow' }));
    const { Attributes } = await newsroom.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'MessageRetentionPeriod',
        ],
      }),
    );
    expect(
      Number(Attributes?.['ApproximateNumberOfMessages']) +
        Number(Attributes?.['ApproximateNumberOfMessagesNotVisible']),
    ).toBeGreaterThan(0);
    expect(Attributes?.['MessageRetentionPeriod']).toBe(String(14 * 24 * 3600));
    await publish('urn:recovery:meanwhile');
    await newsroom.until('the other story is public', async () =>
      (await newsroom.uris('latest')).includes('urn:recovery:meanwhile'),
    );
    await newsroom.until(
      'all of it is public',
      async () => (await newsroom.uris('section/runaway')).length === runaway.length,
    );
  }, 60_000);
});

describe('an embargo that is overdue', () => {
  test('is listed, is settled late, and can be settled by hand', async () => {
    const uri = 'urn:recovery:embargoed';
    const embargo = Date.now() + 6000;
    await newsroom.put(
      'article.published',
      story({ uri, versionCreated: minutesAgo(9), embargoedUntil: new Date(embargo).toISOString() }),
    );
    const { QueueUrl } = await newsroom.sqs.send(new GetQueueUrlCommand({ QueueName: 'pressrun-local-release' }));
    await newsroom.until('its call waits', async () => {
      const { Attributes } = await newsroom.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessagesDelayed'] }),
      );
      return Attributes?.['ApproximateNumberOfMessagesDelayed'] === '1';
    });
    expect(await dueAround(connection, Date.now(), 1)).toMatchObject([{ uri, at: embargo, late: false }]);
    expect(await release(connection, uri, Date.now)).toMatchObject({
      standing: 'hidden',
      because: expect.stringContaining('embargoed until') as unknown,
    });
    // Its calls are lost.
    await newsroom.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    await newsroom.until('its time has come', () => Date.now() > embargo);
    expect(await dueAround(connection, embargo + 90_000, 1)).toMatchObject([{ uri, late: true }]);
    expect(await release(connection, uri, Date.now)).toMatchObject({ standing: 'live' });
    await newsroom.until('readers see it', async () => (await newsroom.uris('latest')).includes(uri));
  }, 60_000);
});

describe('after the loss of a region', () => {
  test('a fresh stack gets every story, front and list from a folder, and a withdrawn story stays withdrawn', async () => {
    await newsroom.putFront('front.published', {
      name: 'home',
      versionCreated: minutesAgo(7),
      containers: [{ title: 'Top', pins: [uris[0]] }],
    });
    await newsroom.until('the front is public', async () => (await newsroom.get('/fronts/home.json')).status === 200);
    const [folder, file] = [join(directory, 'exported'), join(directory, 'articles.json.gz')];
    const stored = () => rowsOf(connection.tableNamed(connection.articlesTable));
    const exported = await exportFolder(stored(), folder, Date.now());
    expect(await exportRows(stored(), file)).toBe(exported.rows);
    const elsewhere = await Newsroom.open({ purgeWindowSeconds: '0', slowSources: 'cms.runaway' });
    try {
      const there = connect('local', elsewhere.stack.awsUrl, '');
      const restore = async (open: () => AsyncIterable<Row>) =>
        restoreRows(there.tableNamed(there.articlesTable), open, () => undefined);
      expect(await restore(() => rowsInFolder(folder))).toEqual({ rows: exported.rows, written: exported.rows });
      await elsewhere.until(
        'all are listed',
        async () => (await elsewhere.uris('latest')).length === (await newsroom.uris('latest')).length,
      );
      expect(await elsewhere.uris('latest')).toEqual(await newsroom.uris('latest'));
      expect(await elsewhere.json('/fronts/home.json')).toEqual(await newsroom.json('/fronts/home.json'));
      for (const uri of uris)
        expect(await there.articles.head(articleIdOf(uri))).toEqual(await connection.articles.head(articleIdOf(uri)));
      // The file has the same rows.
      expect(await restore(() => rowsIn(file))).toEqual({ rows: exported.rows, written: 0 });
      expect((await walk('verify', there)).drift).toEqual({});
    } finally {
      await elsewhere.close();
    }
  }, 120_000);
});

describe('after the loss of the articles table, with the table restored as of an hour ago', () => {
  test('missing rows are copied from the restored table to the one in use', async () => {
    await publish(erased);
    await newsroom.until('it is public', async () => (await newsroom.uris('latest')).includes(erased));
    await makeRestoredTable();
    restorePoint = Date.now();
    await publish(late, 6);
    await newsroom.put('article.erased', { uri: erased, versionCreated: minutesAgo(6) });
    await newsroom.until('the later story is public', async () => (await newsroom.uris('latest')).includes(late));
    await newsroom.until('the other is erased', async () => !(await isReadable(erased)));
    await loseEverything();
    const restored = await restoreRows(
      connection.tableNamed(connection.articlesTable),
      () => rowsOf(connection.tableNamed(restoredTable)),
      () => undefined,
    );
    expect(restored.written).toBe(restored.rows);
    await newsroom.until(
      'all but the later one are back',
      async () => (await newsroom.uris('latest')).filter((uri) => uris.includes(uri)).length === 5,
    );
    expect((await walk('repair')).drift.head ?? 0).toBe(0);
  }, 120_000);

  test('or the stack uses the restored table and its stream, and later events are replayed', async () => {
    await newsroom.close();
    const context = {
      purgeWindowSeconds: '0',
      slowSources: 'cms.runaway',
      articlesTable: restoredTable,
      articlesStream: restoredStream,
    };
    newsroom = await Newsroom.open(context, { dataDirectory: join(directory, 'data') });
    connection = connect('local', newsroom.stack.awsUrl, '', newsroom.stack.outputs['ArticlesTableName']);
    expect(connection.articlesTable).toBe(restoredTable);
    expect([await newsroom.versions(late), await isReadable(erased)]).toEqual([0, true]);
    // As the runbook says: events since the restore point come from the archive, erasures too, and are announced with
    // the replay's name.
    const { replay: name, state } = await replay(connection, { from: restorePoint, to: Date.now() }, Date.now());
    expect(state).toBe('COMPLETED');
    await newsroom.until('the later one is stored', async () => (await newsroom.versions(late)) === 1);
    await newsroom.until('the erasure is made again', async () => !(await isReadable(erased)));
    await newsroom.until('the later one is announced', () => newsroom.about(late, 'article.live').length > 0);
    expect(
      new Set(
        newsroom
          .about(late, 'article.live', 'feed.changed')
          .map(({ detail }) => (detail as { replay?: string }).replay),
      ),
    ).toEqual(new Set([name]));
    await publish('urn:recovery:afterwards', 5);
    await newsroom.until(
      'what is published now is followed',
      () => newsroom.about('urn:recovery:afterwards', 'article.live').length > 0,
    );
    await walk('rebuild');
    expect((await newsroom.uris('latest')).toSorted()).toEqual(
      expect.arrayContaining([...uris.slice(0, 5), late].toSorted()),
    );
    for (const gone of [uris[5], erased]) expect(await newsroom.uris('latest')).not.toContain(gone);
    expect((await walk('verify')).drift).toEqual({});
  }, 120_000);
});

/** As DynamoDB makes it from a point in time: the same keys and rows, and no stream yet. */
async function makeRestoredTable(): Promise<void> {
  await newsroom.dynamoDb.send(
    new CreateTableCommand({
      TableName: restoredTable,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'articleId', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'articleId', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
  const { Items = [] } = await newsroom.dynamoDb.send(
    new ScanCommand({ TableName: connection.articlesTable, ConsistentRead: true }),
  );
  for (const Item of Items) await newsroom.dynamoDb.send(new PutItemCommand({ TableName: restoredTable, Item }));
}

async function loseEverything(): Promise<void> {
  const { Items = [] } = await newsroom.dynamoDb.send(
    new ScanCommand({ TableName: connection.articlesTable, ConsistentRead: true }),
  );
  for (const { articleId, sk } of Items) {
    if (articleId && sk)
      await newsroom.dynamoDb.send(
        new DeleteItemCommand({ TableName: connection.articlesTable, Key: { articleId, sk } }),
      );
  }
}
