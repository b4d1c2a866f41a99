import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { AwsClient } from '../../shared/aws/aws-client.ts';
import { DynamoDb } from '../../shared/aws/dynamodb.ts';
import { DynamoDbArchive } from '../../shared/aws/dynamodb-archive.ts';
import { DynamoDbArticles, DynamoDbFronts, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbDueList } from '../../shared/aws/dynamodb-due-list.ts';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { DynamoDbPasses } from '../../shared/aws/dynamodb-passes.ts';
import { MeteredDrift } from '../../shared/aws/metered-drift.ts';
import { environment } from '../../shared/aws/environment.ts';
import { logFailure } from '../../shared/aws/log.ts';
import { EventBridgeAnnouncer } from '../../shared/aws/eventbridge-announcer.ts';
import { Meter } from '../../shared/aws/meter.ts';
import { eachMessage } from '../../shared/aws/queue-batch.ts';
import { ScheduledWakeUpCalls } from '../../shared/aws/scheduled-wake-up-calls.ts';
import { SqsLooks, SqsPurgeRequests } from '../../shared/aws/sqs-messages.ts';
import { ListedWakeUpCalls } from '../../shared/listed-wake-up-calls.ts';
import type { ReconcileEnv } from './env.ts';
import { reconcile, type ReconcilePorts } from './reconcile.ts';

const env = environment<ReconcileEnv>(
  [
    'ARTICLES_TABLE',
    'FEEDS_TABLE',
    'RECONCILE_QUEUE_URL',
    'PURGE_QUEUE_URL',
    'BUS_NAME',
    'STAGE',
    'RELEASE_QUEUE_URL',
    'RELEASE_QUEUE_ARN',
    'SCHEDULE_GROUP',
    'SCHEDULE_ROLE_ARN',
  ],
  process.env,
);
const aws = new AwsClient(process.env);
const dynamoDb = new DynamoDb(aws);
const clock = { now: Date.now };
const dueList = new DynamoDbDueList(dynamoDb, env.ARTICLES_TABLE);

const ports: ReconcilePorts = {
  articles: new DynamoDbArticles(dynamoDb, env.ARTICLES_TABLE),
  fronts: new DynamoDbFronts(dynamoDb, env.ARTICLES_TABLE),
  pictures: new DynamoDbPictures(dynamoDb, env.ARTICLES_TABLE),
  archive: new DynamoDbArchive(dynamoDb, env.ARTICLES_TABLE),
  feedRows: new DynamoDbFeeds(dynamoDb, env.FEEDS_TABLE, clock),
  dueList,
  wakeUpCalls: new ListedWakeUpCalls(dueList, new ScheduledWakeUpCalls(aws, clock, env)),
  passes: new DynamoDbPasses(dynamoDb, env.ARTICLES_TABLE, aws, env.RECONCILE_QUEUE_URL),
  // What a pass repairs was wrong for longer than a window: none of it is urgent.
  purgeRequests: new SqsPurgeRequests(aws, { collecting: env.PURGE_QUEUE_URL, urgent: env.PURGE_QUEUE_URL }),
  announcer: new EventBridgeAnnouncer(aws, env.BUS_NAME),
  ...(env.NARRATE_QUEUE_URL !== undefined && { looks: new SqsLooks(aws, env.NARRATE_QUEUE_URL) }),
  driftMeter: new MeteredDrift(new Meter(env.STAGE)),
  report: (error, articleId) => {
    logFailure(error, { articleId });
  },
  clock,
};

/** Half of an invocation is kept for its last page, which may meet throttles. */
export const handler = middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }, context) => {
  const until = clock.now() + context.getRemainingTimeInMillis() / 2;
  return eachMessage(Records, async ({ body, messageId, attributes }) =>
    reconcile(ports, body, { messageId, again: Number(attributes.ApproximateReceiveCount) > 1 }, until),
  );
});
