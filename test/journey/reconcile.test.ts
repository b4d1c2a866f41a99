import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GetInvalidationCommand, ListInvalidationsCommand } from '@aws-sdk/client-cloudfront';
import { DeleteItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { connect, type Connection } from '../../tools/cli/connection.ts';
import { listJobs } from '../../tools/cli/job-list.ts';
import { followJob, outcomeOf, runJob } from '../../tools/cli/jobs.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { DynamoDbScheduleIndex } from '../../shared/aws/dynamodb-schedule-index.ts';
import type { Job, JobMode } from '../../shared/job.ts';
import { story } from '../unit/story.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

let newsroom: Newsroom;
let connection: Connection;

const uris = Array.from({ length: 12 }, (_, n) => `urn:reconcile:${n}`);
const secret = 'urn:reconcile:secret';
let embargo = 0;
const walk = async (mode: JobMode): Promise<Job> => runJob(connection, mode, () => undefined);

async function queueUrl(name: string): Promise<string> {
  const { QueueUrl = '' } = await newsroom.sqs.send(new GetQueueUrlCommand({ QueueName: `pressrun-local-${name}` }));
  return QueueUrl;
}

const feedsTable = (): string | undefined => newsroom.stack.outputs['FeedsTableName'];
/** Entries of feeds. The list of GET /changes is not reconciled. */
const rows = async () =>
  ((await newsroom.dynamoDb.send(new ScanCommand({ TableName: feedsTable() }))).Items ?? []).filter(
    ({ feedId }) => feedId?.S?.startsWith('changes#') !== true,
  );
/** Tags that the CDN purged, last first. */
const purged = async (): Promise<string[][]> => {
  const DistributionId = newsroom.stack.outputs['DistributionId'];
  const { InvalidationList } = await newsroom.cloudFront.send(new ListInvalidationsCommand({ DistributionId }));
  return Promise.all(
    (InvalidationList?.Items ?? []).map(async ({ Id }) => {
      const { Invalidation } = await newsroom.cloudFront.send(new GetInvalidationCommand({ DistributionId, Id }));
      return Invalidation?.InvalidationBatch?.Paths?.Items ?? [];
    }),
  );
};
/** Announcements since then, without `article.fresh` of earlier changes. */
const announcedSince = (count: number): string[] =>
  newsroom.announced
    .slice(count)
    .flatMap((event) => (event['detail-type'] === 'article.fresh' ? [] : [event['detail-type']]));

let lists = 0;
/** Returns the uris of a feed at the origin: each call has another limit, which is not cached. */
async function listed(feed: string): Promise<string[]> {
  const response = await newsroom.get(`/feeds/${feed}.json?limit=${30 + (lists = (lists + 1) % 70)}`);
  if (response.status === 404) return [];
  return ((await response.json()) as { items: { id: string }[] }).items.map(({ id }) => id);
}

beforeAll(async () => {
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });
  connection = connect('local', newsroom.stack.awsUrl, '');
  for (const uri of uris)
    await newsroom.put('article.published', story({ uri, versionCreated: minutesAgo(9), headlines: [{ value: uri }] }));
  await newsroom.until('all are listed', () => uris.every((uri) => newsroom.about(uri, 'cdn.purged').length > 0));

  // Its embargo ends during this test. Its scheduled settle is lost: the message is deleted from the queue.
  embargo = Date.now() + 15_000;
  await newsroom.put(
    'article.published',
    story({ uri: secret, versionCreated: minutesAgo(9), embargoedUntil: new Date(embargo).toISOString() }),
  );
  const release = await queueUrl('release');
  await newsroom.until('the call waits', async () => {
    const { Attributes } = await newsroom.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: release, AttributeNames: ['ApproximateNumberOfMessagesDelayed'] }),
    );
    return Attributes?.['ApproximateNumberOfMessagesDelayed'] === '1';
  });
  await newsroom.sqs.send(new PurgeQueueCommand({ QueueUrl: release }));
});

afterAll(async () => newsroom.close());

describe('rebuild', () => {
  test('runs without a reader ever missing a story in a feed', async () => {
    const job = walk('rebuild');
    const state = { done: false, asked: 0 };
    const reader = (async () => {
      while (!state.done) {
        expect(await listed('latest')).toEqual(expect.arrayContaining(uris));
        state.asked += 1;
      }
    })();
    expect((await job).written).toBeGreaterThanOrEqual(uris.length * 7);
    state.done = true;
    await reader;
    expect(state.asked).toBeGreaterThan(0);
  });

  test('writes every feed from nothing', async () => {
    const before = await rows();
    for (const { feedId, sk } of before) {
      if (feedId && sk)
        await newsroom.dynamoDb.send(new DeleteItemCommand({ TableName: feedsTable(), Key: { feedId, sk } }));
    }
    expect(await listed('section/news')).toEqual([]);
    const [announced, purges] = [newsroom.announced.length, (await purged()).length];
    const job = await walk('rebuild');
    expect(new Set((await rows()).map((row) => JSON.stringify(row)))).toEqual(
      new Set(before.map((row) => JSON.stringify(row))),
    );
    expect(job).toMatchObject({ written: before.length, drift: { missing: before.length } });
    expect(outcomeOf(job).join('\n')).toContain(`wrote ${before.length} entries anew`);
    await newsroom.until('lists are purged', async () => (await purged()).length > purges);
    expect((await purged())[0]).toEqual(['#feeds']);
    await newsroom.until('the purge is announced', () => announcedSince(announced).length > 0);
    expect(announcedSince(announced)).toEqual(['cdn.purged']);
    expect(await newsroom.uris('section/news/local')).toEqual(expect.arrayContaining(uris));
  });
});

test('rebuild --announce repeats the announcement of every live story, as at its last change', async () => {
  const first = (uri: string): unknown => newsroom.about(uri, 'article.live')[0]?.detail;
  const before = uris.map(first);
  const { announcedAs, passId } = await runJob(connection, 'rebuild', () => undefined, true);
  const [latest, ...earlier] = await listJobs(connection, Date.now());
  expect(latest).toMatchObject({ kind: 'rebuild', state: 'done', id: passId });
  expect(earlier.map(({ kind, state }) => [kind, state])).toEqual([
    ['rebuild', 'done'],
    ['rebuild', 'done'],
  ]);
  expect(await followJob(connection, passId, () => undefined)).toMatchObject({ announcedAs, phase: 'done' });
  const again = (uri: string): unknown =>
    newsroom.about(uri, 'article.live').find(({ detail }) => (detail as { replay?: string }).replay === announcedAs)
      ?.detail;
  await newsroom.until('all are announced again', () => uris.every((uri) => again(uri) !== undefined));
  expect(uris.map(again)).toEqual(before.map((detail) => ({ ...(detail as object), replay: announcedAs })));
  await newsroom.settled();
  expect(
    uris.flatMap((uri) =>
      newsroom.about(uri, 'article.fresh').filter(({ detail }) => (detail as { replay?: string }).replay !== undefined),
    ),
  ).toEqual([]);
});

describe('verify and repair', () => {
  test('find drift that is five minutes old; repair repairs and purges it, and announces nothing', async () => {
    const uri = 'urn:reconcile:old';
    const articleId = articleIdOf(uri);
    const hourAgo = Date.now() - 3_600_000;
    await newsroom.put('article.published', story({ uri, versionCreated: minutesAgo(70), genres: [{ name: 'Old' }] }), {
      receivedAt: hourAgo,
    });
    await newsroom.until('it is listed', () => newsroom.about(uri, 'cdn.purged').length > 0);
    // The head is an hour old, so its rows have a seq that it never had. One of them is lost.
    const own = (await rows()).filter((row) => row['sk']?.S?.endsWith(articleId));
    const lost = own.find((row) => row['feedId']?.S === 'genre/old');
    if (!lost?.['feedId'] || !lost['sk']) throw new Error('not in its genre');
    await newsroom.dynamoDb.send(
      new UpdateItemCommand({
        TableName: newsroom.stack.outputs['ArticlesTableName'],
        Key: { articleId: { S: articleId }, sk: { S: 'head' } },
        UpdateExpression: 'SET seq = :then, settledAt = :then',
        ExpressionAttributeValues: { ':then': { N: String(hourAgo) } },
      }),
    );
    await newsroom.settled();
    await newsroom.dynamoDb.send(
      new DeleteItemCommand({ TableName: feedsTable(), Key: { feedId: lost['feedId'], sk: lost['sk'] } }),
    );

    const drift = { missing: 1, stale: own.length - 1 };
    const verified = await walk('verify');
    expect(verified).toMatchObject({ drift, written: 0 });
    expect(outcomeOf(verified)[0]).toContain(`found ${own.length} wrong, and changed nothing`);
    expect(await listed('genre/old')).toEqual([]);

    const announced = newsroom.announced.length;
    expect(await walk('repair')).toMatchObject({ drift, written: own.length });
    await newsroom.until('its lists are purged', () =>
      newsroom.announced
        .slice(announced)
        .some(({ detail }) => /feeds|feed:genre:old/.test(JSON.stringify((detail as { tags?: string[] }).tags ?? []))),
    );
    expect(announcedSince(announced)).toEqual(['cdn.purged']);
    expect(await newsroom.uris('genre/old')).toEqual([uri]);
    expect((await walk('verify')).drift).toEqual({});
  });
});

describe('an embargoed story whose scheduled settle was lost', () => {
  test('is published by the first read of the schedule index that is a minute after its instant', async () => {
    const page = `/articles/${articleIdOf(secret)}.json`;
    await newsroom.until('its instant has passed', () => Date.now() > embargo + 1000);
    const look = async (): Promise<void> => {
      await newsroom.sqs.send(
        new SendMessageCommand({ QueueUrl: await queueUrl('reconcile'), MessageBody: '{"start":"due"}' }),
      );
    };
    await look();
    await newsroom.settled();
    expect((await newsroom.get(page)).status).toBe(404);
    // A minute passes for the schedule index.
    const scheduleIndex = new DynamoDbScheduleIndex(
      connection.tableNamed(newsroom.stack.outputs['ArticlesTableName'] ?? ''),
    );
    const due = { articleId: articleIdOf(secret), instant: embargo };
    expect(await scheduleIndex.has(due)).toBe(true);
    await scheduleIndex.remove(due);
    await scheduleIndex.keep({ ...due, instant: embargo - 60_000 });
    await look();
    await newsroom.until('it is there', async () => (await newsroom.get(page)).status === 200);
    await newsroom.until('it is listed', async () => (await newsroom.uris('latest')).includes(secret));
    await newsroom.until(
      'it is off the list',
      async () => !(await scheduleIndex.has({ ...due, instant: embargo - 60_000 })),
    );
  });
});
