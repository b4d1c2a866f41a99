import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../shared/aws/clients.ts';
import { DynamoDbArchive } from '../../shared/aws/dynamodb-archive.ts';
import { DynamoDbArticles, DynamoDbFronts, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbScheduleIndex } from '../../shared/aws/dynamodb-schedule-index.ts';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { DynamoDbJobs } from '../../shared/aws/dynamodb-jobs.ts';
import { environment } from '../../shared/aws/environment.ts';
import { logFailure } from '../../shared/aws/log.ts';
import { eventBridgeAnnouncer } from '../../shared/aws/eventbridge.ts';
import { Meter } from '../../shared/aws/meter.ts';
import { queueHandler } from '../../shared/aws/queue-batch.ts';
import { settleSchedule } from '../../shared/aws/scheduler-settle-schedule.ts';
import { sqsNarrationQueue, sqsPurgeRequests } from '../../shared/aws/sqs.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import { reconcileEnv } from './env.ts';
import type { ReconcilePorts } from './ports.ts';
import { reconcile } from './reconcile.ts';

const env = environment(reconcileEnv);
const dynamoDb = documentClient();
const articlesTable = new Table(dynamoDb, env.ARTICLES_TABLE);
const feedsTable = new Table(dynamoDb, env.FEEDS_TABLE);
const eventBridge = new EventBridgeClient(clientSettings());
const sqs = new SQSClient(clientSettings());
const clock = { now: Date.now };
const meter = new Meter(env.STAGE);

const ports: ReconcilePorts = {
  articles: new DynamoDbArticles(articlesTable),
  fronts: new DynamoDbFronts(articlesTable),
  pictures: new DynamoDbPictures(articlesTable),
  archive: new DynamoDbArchive(articlesTable),
  feedRows: new DynamoDbFeeds(feedsTable, clock),
  scheduleIndex: new DynamoDbScheduleIndex(articlesTable),
  settleSchedule: settleSchedule(articlesTable, sqs, clientSettings(), clock, env),
  jobs: new DynamoDbJobs(articlesTable, sqs, env.RECONCILE_QUEUE_URL),
  // Rows that a job repairs were wrong for longer than a window, so none is urgent.
  purgeRequests: sqsPurgeRequests(sqs, { collecting: env.PURGE_QUEUE_URL, urgent: env.PURGE_QUEUE_URL }),
  announcer: eventBridgeAnnouncer(eventBridge, env.BUS_NAME),
  ...(env.NARRATE_QUEUE_URL !== undefined && { narrationQueue: sqsNarrationQueue(sqs, env.NARRATE_QUEUE_URL) }),
  driftMeter: {
    count: (findings) => {
      if (findings.length > 0) meter.add('Drift', findings.length, { findings });
    },
  },
  report: (error, articleId) => {
    logFailure(error, { articleId });
  },
  clock,
};

/** Half of the invocation's time is reserved for its last page, which may be throttled. */
export const handler = queueHandler(async ({ body, messageId, attributes }, context) => {
  const until = clock.now() + context.getRemainingTimeInMillis() / 2;
  await reconcile(ports, body, { messageId, again: Number(attributes.ApproximateReceiveCount) > 1 }, until);
});
