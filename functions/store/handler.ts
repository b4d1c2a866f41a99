import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { bucketSettings, clientSettings } from '../../shared/aws/clients.ts';
import { DynamoDbArticles, DynamoDbFronts, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import { environment } from '../../shared/aws/environment.ts';
import { eventBridgeAnnouncer } from '../../shared/aws/eventbridge.ts';
import { Meter } from '../../shared/aws/meter.ts';
import { responseMilliseconds, queueHandler } from '../../shared/aws/queue-batch.ts';
import { Bucket } from '../../shared/aws/s3-bucket.ts';
import { s3PayloadStore } from '../../shared/aws/s3-payload-store.ts';
import { settleSchedule } from '../../shared/aws/scheduler-settle-schedule.ts';
import { sqsRejectionQueue } from '../../shared/aws/sqs.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import { timeLimit } from '../../shared/aws/v8-time-limit.ts';
import { storeEnv } from './env.ts';
import { store, type StorePorts } from './store.ts';

const env = environment(storeEnv);
const articlesTable = new Table(documentClient(), env.ARTICLES_TABLE);
const eventBridge = new EventBridgeClient(clientSettings());
const sqs = new SQSClient(clientSettings());
const clock = { now: Date.now };
const meter = new Meter(env.STAGE);
const pictures = new DynamoDbPictures(articlesTable);

const ports: StorePorts = {
  articles: new DynamoDbArticles(articlesTable),
  fronts: new DynamoDbFronts(articlesTable),
  pictures: {
    pulled: async () => pictures.pulled(),
    writePulled: async (pulled, previousSeq) => {
      const isWritten = await pictures.writePulled(pulled, previousSeq);
      if (isWritten) meter.add('PulledPictures', pulled.ids.size);
      return isWritten;
    },
  },
  announcer: eventBridgeAnnouncer(eventBridge, env.BUS_NAME),
  rejections: sqsRejectionQueue(sqs, env.REJECTED_QUEUE_URL),
  payloads: s3PayloadStore(new Bucket(env.PAYLOADS_BUCKET, bucketSettings(process.env))),
  owners: env.OWNERS,
  settleSchedule: settleSchedule(articlesTable, sqs, clientSettings(), clock, env),
  clock,
};

/** A long story takes about 100 ms. If four of ten messages exceed the limit, the others still have time. */
const validationMilliseconds = 2000;
export const handler = queueHandler(async ({ body, messageId, attributes }, context) => {
  const attempt = Number(attributes.ApproximateReceiveCount);
  const limit = timeLimit(validationMilliseconds, () => context.getRemainingTimeInMillis() - responseMilliseconds);
  try {
    const kind = await store(ports, body, messageId, { sentAt: Number(attributes.SentTimestamp), attempt, limit });
    meter.count(kind === 'rejected' ? 'Rejected' : 'Stored');
  } catch (error) {
    if (attempt >= env.DELIVERIES) meter.count('GivenUp');
    throw error;
  }
});
