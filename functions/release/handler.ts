import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { AwsClient } from '../../shared/aws/aws-client.ts';
import { DynamoDb } from '../../shared/aws/dynamodb.ts';
import { DynamoDbArticles } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbDueList } from '../../shared/aws/dynamodb-due-list.ts';
import { environment } from '../../shared/aws/environment.ts';
import { eachMessage } from '../../shared/aws/queue-batch.ts';
import { ScheduledWakeUpCalls } from '../../shared/aws/scheduled-wake-up-calls.ts';
import { ListedWakeUpCalls } from '../../shared/listed-wake-up-calls.ts';
import type { SettlePorts } from '../../shared/settle-article.ts';
import type { ReleaseEnv } from './env.ts';
import { release } from './release.ts';

const env = environment<ReleaseEnv>(
  ['ARTICLES_TABLE', 'RELEASE_QUEUE_URL', 'RELEASE_QUEUE_ARN', 'SCHEDULE_GROUP', 'SCHEDULE_ROLE_ARN'],
  process.env,
);
const clock = { now: Date.now };
const aws = new AwsClient(process.env);
const dynamoDb = new DynamoDb(aws);

const ports: SettlePorts = {
  articles: new DynamoDbArticles(dynamoDb, env.ARTICLES_TABLE),
  wakeUpCalls: new ListedWakeUpCalls(
    new DynamoDbDueList(dynamoDb, env.ARTICLES_TABLE),
    new ScheduledWakeUpCalls(aws, clock, env),
  ),
  clock,
};

export const handler = middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }) =>
  eachMessage(Records, async ({ body }) => release(ports, body)),
);
