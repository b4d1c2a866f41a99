import { DeleteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from '../../tools/cli/connection.ts';
import { replay, type ReplayOrder } from '../../tools/cli/replay.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { story } from '../unit/story.ts';
import { freePort } from '../free-port.ts';
import { sendsOnlyWhatReadersSee } from './examples/newsletter.ts';
import { pushesFirstPublicationsOnce, PushService, pushSubscription } from './examples/push.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

const events = ['article.live', 'article.withdrawn'];
const opened: { newsroom?: Newsroom; push?: PushService } = {};

function newsroom(): Newsroom {
  if (!opened.newsroom) throw new Error('the newsroom is not open');
  return opened.newsroom;
}

function push(): PushService {
  if (!opened.push) throw new Error('the push service is not open');
  return opened.push;
}

beforeAll(async () => {
  const port = await freePort();
  opened.newsroom = await Newsroom.open({
    slowSources: 'cms.runaway',
    subscriptions: JSON.stringify({
      audit: { events, queue: true },
      search: { events, queue: true },
      push: pushSubscription(port),
    }),
  });
  opened.push = await PushService.open(opened.newsroom, port);
  const uri = 'urn:replayed:1';
  await newsroom().put('article.published', story({ uri, versionCreated: minutesAgo(20) }));
  await newsroom().put('article.unpublished', { uri, versionCreated: minutesAgo(10) });
  await newsroom().until('it is withdrawn', () => newsroom().about(uri, 'article.withdrawn').length > 0);
  await newsroom().settled();
}, 60_000);

afterAll(async () => {
  await opened.newsroom?.close();
  await opened.push?.close();
});

const hour = 3_600_000;
const replayed = async (order: Partial<ReplayOrder>): ReturnType<typeof replay> =>
  replay(
    connect('local', newsroom().stack.awsUrl, ''),
    { from: Date.now() - hour, to: Date.now() + hour, ...order },
    Date.now(),
  );

test('announcements are replayed to one subscription alone, with the same ids', async () => {
  const before = await newsroom().messagesTo('audit');
  expect(before.map((message) => message['detail-type']).sort()).toEqual(events);
  const { replay: name, state } = await replayed({ subscription: 'audit' });
  expect(state).toBe('COMPLETED');
  await newsroom().until(
    'audit has the announcements again',
    async () => (await newsroom().messagesTo('audit')).length === 4,
  );
  const again = (await newsroom().messagesTo('audit')).filter((message) => message['replay-name'] === name);
  expect(again.map(({ detail }) => detail.id).sort()).toEqual(before.map(({ detail }) => detail.id).sort());
  expect(await newsroom().messagesTo('search')).toHaveLength(2);
});

test('a replay can be limited to some types, by a rule that is deleted afterwards', async () => {
  const { replay: name } = await replayed({ subscription: 'search', types: ['article.withdrawn'] });
  const again = (await newsroom().messagesTo('search')).filter((message) => message['replay-name'] === name);
  expect(again.map((message) => message['detail-type'])).toEqual(['article.withdrawn']);
  await expect(replayed({ subscription: 'search', types: ['cdn.purged'] })).rejects.toThrow(
    'cdn.purged never went to pressrun-local-to-search, which takes article.live, article.withdrawn',
  );
});

test('incoming events are replayed to store alone, and change and announce nothing', async () => {
  // Purges and `article.fresh` of the first delivery may still arrive, but no changes.
  const changes = (): number =>
    newsroom().about('urn:replayed:1', 'article.live', 'article.revised', 'article.withdrawn', 'feed.changed').length;
  const before = changes();
  for (const order of [{}, { types: ['article.published'] }]) await replayed(order);
  await newsroom().settled();
  expect(changes()).toBe(before);
  expect(await newsroom().versions('urn:replayed:1')).toBe(2);
});

test.each([{}, { types: ['article.published'] }])(
  'incoming events of a slow source are replayed, too: %j',
  async (order) => {
    const { eventBridge, dynamoDb, stack } = newsroom();
    const uri = `urn:replayed:slow${Object.keys(order).length}`;
    const Detail = JSON.stringify({ article: story({ uri, versionCreated: minutesAgo(5) }) });
    await eventBridge.send(
      new PutEventsCommand({
        Entries: [{ EventBusName: stack.busName, Source: 'cms.runaway', DetailType: 'article.published', Detail }],
      }),
    );
    await newsroom().until('it is live', () => newsroom().about(uri, 'article.live').length > 0);
    const TableName = stack.outputs['ArticlesTableName'];
    const { Items = [] } = await dynamoDb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'articleId = :id',
        ExpressionAttributeValues: { ':id': { S: articleIdOf(uri) } },
      }),
    );
    for (const { articleId, sk } of Items)
      if (articleId && sk) await dynamoDb.send(new DeleteItemCommand({ TableName, Key: { articleId, sk } }));
    expect(await newsroom().versions(uri)).toBe(0);
    await replayed(order);
    await newsroom().until('it is stored again', async () => (await newsroom().versions(uri)) === 1);
  },
);

test('a replay of an event that the bus lost is stored, and announced with the name of the replay', async () => {
  const { eventBridge, stack } = newsroom();
  const uri = 'urn:replayed:lost';
  const rule = { EventBusName: stack.busName, Rule: `${stack.busName}-commands` };
  const { Targets = [] } = await eventBridge.send(new ListTargetsByRuleCommand(rule));
  await eventBridge.send(new RemoveTargetsCommand({ ...rule, Ids: Targets.flatMap(({ Id }) => Id ?? []) }));
  await newsroom().put('article.published', story({ uri, versionCreated: minutesAgo(5) }));
  await eventBridge.send(new PutTargetsCommand({ ...rule, Targets }));
  await newsroom().settled();
  expect(await newsroom().versions(uri)).toBe(0);

  const { replay: name } = await replayed({});
  await newsroom().until('it is fresh', () => newsroom().about(uri, 'article.fresh').length > 0, 15_000);
  const announced = newsroom().about(uri, 'article.live', 'feed.changed', 'article.fresh');
  expect(new Set(announced.map((event) => event['detail-type']))).toEqual(
    new Set(['article.live', 'feed.changed', 'article.fresh']),
  );
  expect(new Set(announced.map(({ detail }) => (detail as { replay?: string }).replay))).toEqual(new Set([name]));
});

test('an invalid option is named', async () => {
  await expect(replayed({ subscription: 'nobody' })).rejects.toThrow('nobody subscribed as nobody');
  await expect(replayed({ from: 2, to: 1 })).rejects.toThrow('--from must be earlier than --to');
  await expect(replayed({ types: ['article.publishd'] })).rejects.toThrow(
    '--types: article.publishd never went to pressrun-local-commands, which takes article.published,',
  );
});

test('the push service of examples/push sends one message of each first publication, and none of what a replay brought', async () => {
  await pushesFirstPublicationsOnce(newsroom(), push());
  expect(push().count('urn:replayed:slow0')).toBe(1);
  expect(push().count('urn:replayed:lost')).toBe(0);
});

test('the newsletter of examples/newsletter has new stories of a feed, or those of a front, and nothing withdrawn', () =>
  sendsOnlyWhatReadersSee(newsroom()));
