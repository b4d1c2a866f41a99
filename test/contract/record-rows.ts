// node test/contract/record-rows.ts NAME: records the rows that are written today, for the test that reads them for
// ever.
import { writeFileSync } from 'node:fs';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDbArticles, DynamoDbFronts, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import setUp from '../journey/assemblies.ts';
import { minutesAgo, Newsroom } from '../journey/newsroom.ts';
import { story } from '../unit/story.ts';
import { local } from './engines.ts';
import { readingsOf, storedRow, type RawRow, type StoredRows } from './stored-rows.ts';

const [name = 'rows'] = process.argv.slice(2);
setUp();
const newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });

await newsroom.put('article.published', story({ uri: 'urn:stored:bridge', versionCreated: minutesAgo(30) }), {
  path: '/news/local/bridge',
});
await newsroom.put(
  'article.published',
  story({ uri: 'urn:stored:pulled', versionCreated: minutesAgo(30), by: 'Kim Lund' }),
);
await newsroom.put('article.published', story({ uri: 'urn:stored:held', versionCreated: minutesAgo(30) }));
await newsroom.put('article.published', story({ uri: 'urn:stored:erased', versionCreated: minutesAgo(30) }));
await newsroom.put(
  'article.published',
  story({ uri: 'urn:stored:embargoed', versionCreated: minutesAgo(30), embargoedUntil: minutesAgo(-60) }),
);
await newsroom.settled();
await newsroom.put(
  'article.updated',
  story({
    uri: 'urn:stored:bridge',
    versionCreated: minutesAgo(20),
    headlines: [{ value: 'Bridge open again' }],
    urgency: 2,
  }),
  { revision: 3, path: '/news/local/bridge-open' },
);
await newsroom.put(
  'article.unpublished',
  { uri: 'urn:stored:pulled', versionCreated: minutesAgo(20) },
  { actor: 'desk', reason: 'complaint' },
);
await newsroom.put(
  'article.held',
  { uri: 'urn:stored:held', versionCreated: minutesAgo(20) },
  { actor: 'legal', reason: 'injunction' },
);
await newsroom.put('article.erased', { uri: 'urn:stored:erased', versionCreated: minutesAgo(20) }, { actor: 'legal' });
await newsroom.put('article.unpublished', {
  uri: 'urn:stored:picture',
  type: 'picture',
  versionCreated: minutesAgo(20),
});
await newsroom.putFront('front.published', {
  name: 'home',
  versionCreated: minutesAgo(20),
  containers: [{ title: 'Top', pins: ['urn:stored:bridge'], backfill: 'latest', limit: 5 }],
});
await newsroom.settled();

const rowsOf = async (table: string | undefined): Promise<RawRow[]> =>
  (await newsroom.dynamoDb.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];
const rows = {
  articles: await rowsOf(newsroom.stack.outputs['ArticlesTableName']),
  feeds: await rowsOf(newsroom.stack.outputs['FeedsTableName']),
};
const dynamoDb = documentClient({ ...local, endpoint: newsroom.stack.awsUrl, maxAttempts: 1 });
const [articlesTable = '', feedsTable = ''] = [
  newsroom.stack.outputs['ArticlesTableName'],
  newsroom.stack.outputs['FeedsTableName'],
];
const readings = await readingsOf(
  {
    articles: new DynamoDbArticles(new Table(dynamoDb, articlesTable)),
    fronts: new DynamoDbFronts(new Table(dynamoDb, articlesTable)),
    pictures: new DynamoDbPictures(new Table(dynamoDb, articlesTable)),
    feeds: new DynamoDbFeeds(new Table(dynamoDb, feedsTable), { now: Date.now }),
  },
  rows,
);
const recording: StoredRows = { articles: rows.articles.map(storedRow), feeds: rows.feeds.map(storedRow), readings };
writeFileSync(`test/fixtures/rows/${name}.json`, `${JSON.stringify(recording, undefined, 1)}\n`);
dynamoDb.destroy();
await newsroom.close();
