import { setTimeout as pause } from 'node:timers/promises';
import { PollyClient } from '@aws-sdk/client-polly';
import { SQSClient } from '@aws-sdk/client-sqs';
import { bucketSettings, clientSettings } from '../../shared/aws/clients.ts';
import { DynamoDbArticles, DynamoDbPictures, DynamoDbSynthesisJobs } from '../../shared/aws/dynamodb-articles.ts';
import { environment } from '../../shared/aws/environment.ts';
import { logInfo } from '../../shared/aws/log.ts';
import { PollySpeech } from '../../shared/aws/polly-speech.ts';
import { queueHandler } from '../../shared/aws/queue-batch.ts';
import { Bucket } from '../../shared/aws/s3-bucket.ts';
import { s3SoundFiles } from '../../shared/aws/s3-sound-files.ts';
import { settleSchedule } from '../../shared/aws/scheduler-settle-schedule.ts';
import { pollOf, sqsNarrationQueue, sqsPurgeRequests, type NarrationMessage } from '../../shared/aws/sqs.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import { correlationIdIn } from '../../shared/events/correlation.ts';
import type { NarrationPoll } from '../../shared/audio/ports.ts';
import { narrateEnv } from './env.ts';
import { narrate } from './narrate.ts';
import type { NarratePorts } from './ports.ts';

const env = environment(narrateEnv);
const clock = { now: Date.now, pause };
/** Two hours of audio are 43 MB. Three attempts take less than this function's timeout of a minute. */
const limits = { requestTimeout: 9_000, maxAttempts: 3 };
const articlesTable = new Table(documentClient(), env.ARTICLES_TABLE);
const polly = new PollyClient(clientSettings(limits));
const sqs = new SQSClient(clientSettings(limits));

const ports: NarratePorts = {
  articles: new DynamoDbArticles(articlesTable),
  pictures: new DynamoDbPictures(articlesTable),
  synthesisJobs: new DynamoDbSynthesisJobs(articlesTable),
  speech: new PollySpeech(polly, env.AUDIO_BUCKET),
  files: s3SoundFiles(new Bucket(env.AUDIO_BUCKET, bucketSettings(process.env, limits))),
  narrationQueue: sqsNarrationQueue(sqs, env.NARRATE_QUEUE_URL),
  purgeRequests: sqsPurgeRequests(sqs, { collecting: env.PURGE_QUEUE_URL, urgent: env.PURGE_URGENT_QUEUE_URL }),
  settleSchedule: settleSchedule(articlesTable, sqs, clientSettings(limits), clock, env),
  clock,
  voices: env.VOICES,
  language: env.LANGUAGE,
  purgeAgainSeconds: env.PURGE_AGAIN_SECONDS,
};

export const handler = queueHandler(async ({ body, messageId }) => {
  const poll = pollIn(body);
  logInfo(await narrate(ports, poll), { messageId, articleId: poll.articleId });
});

/** Reads an announcement from the bus, or a poll that an earlier invocation enqueued. */
function pollIn(body: string): NarrationPoll {
  const message = JSON.parse(body) as NarrationMessage | { readonly detail: Pick<NarrationPoll, 'articleId'> };
  if (!('detail' in message)) return pollOf(message);
  const correlationId = correlationIdIn(body);
  return { articleId: message.detail.articleId, polls: 0, ...(correlationId !== undefined && { correlationId }) };
}
