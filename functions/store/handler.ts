import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { AwsClient } from '../../shared/aws/aws-client.ts';
import { DynamoDb } from '../../shared/aws/dynamodb.ts';
import { DynamoDbArticles, DynamoDbFronts, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbDueList } from '../../shared/aws/dynamodb-due-list.ts';
import { environment } from '../../shared/aws/environment.ts';
import { EventBridgeAnnouncer } from '../../shared/aws/eventbridge-announcer.ts';
import { Meter } from '../../shared/aws/meter.ts';
import { eachMessage } from '../../shared/aws/queue-batch.ts';
import { S3Parcels } from '../../shared/aws/s3-parcels.ts';
import { ScheduledWakeUpCalls } from '../../shared/aws/scheduled-wake-up-calls.ts';
import { SqsRefusals } from '../../shared/aws/sqs-messages.ts';
import { ListedWakeUpCalls } from '../../shared/listed-wake-up-calls.ts';
import type { Owners } from '../../shared/ownership.ts';
import type { StoreEnv } from './env.ts';
import { store, type StorePorts } from './store.ts';

const env = environment<StoreEnv>(
  ['STAGE', 'DELIVERIES', 'ARTICLES_TABLE', 'BUS_NAME', 'REJECTED_QUEUE_URL', 'PARCELS_BUCKET', 'OWNERS', 'RELEASE_QUEUE_URL', 'RELEASE_QUEUE_ARN', 'SCHEDULE_GROUP', 'SCHEDULE_ROLE_ARN'],
  process.env,
);
const aws = new AwsClient(process.env);
const clock = { now: Date.now };
const meter = new Meter(env.STAGE);
const dynamoDb = new DynamoDb(aws);

const ports: StorePorts = {
  articles: new DynamoDbArticles(dynamoDb, env.ARTICLES_TABLE),
  fronts: new DynamoDbFronts(dynamoDb, env.ARTICLES_TABLE),
  pictures: new DynamoDbPictures(dynamoDb, env.ARTICLES_TABLE),
  announcer: new EventBridgeAnnouncer(aws, env.BUS_NAME),
  refusals: new SqsRefusals(aws, env.REJECTED_QUEUE_URL),
  parcels: new S3Parcels(aws, env.PARCELS_BUCKET),
  owners: JSON.parse(env.OWNERS) as Owners,
  wakeUpCalls: new ListedWakeUpCalls(
    new DynamoDbDueList(dynamoDb, env.ARTICLES_TABLE),
    new ScheduledWakeUpCalls(aws, clock, env),
  ),
  clock,
};

export const handler = middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }) =>
  eachMessage(Records, async ({ body, messageId, attributes }) => {
    try {
      const kind = await store(ports, body, messageId, Number(attributes.SentTimestamp));
      meter.count(kind === 'refused' ? 'Rejected' : 'Stored');
    } catch (error) {
      if (Number(attributes.ApproximateReceiveCount) >= Number(env.DELIVERIES)) meter.count('GivenUp');
      throw error;
    }
  }),
);
