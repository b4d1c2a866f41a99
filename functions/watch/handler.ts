import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as pause } from 'node:timers/promises';
import { clientSettings } from '../../shared/aws/clients.ts';
import { DynamoDbArticles } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbPublishTraces } from '../../shared/aws/dynamodb-publish-traces.ts';
import { EdgeReader } from '../../shared/aws/edge-reader.ts';
import { environment } from '../../shared/aws/environment.ts';
import { eventBridgeAnnouncer, eventBridgeBus } from '../../shared/aws/eventbridge.ts';
import { logInfo, logWarning } from '../../shared/aws/log.ts';
import { Meter } from '../../shared/aws/meter.ts';
import { queueHandler } from '../../shared/aws/queue-batch.ts';
import { sendMessage } from '../../shared/aws/sqs.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import { sendCanary, type CanaryPorts } from './canary.ts';
import { watchEnv } from './env.ts';
import { watch, type WatchPorts } from './watch.ts';

const env = environment(watchEnv);
const articlesTable = new Table(documentClient(), env.ARTICLES_TABLE);
const eventBridge = new EventBridgeClient(clientSettings());
const sqs = new SQSClient(clientSettings());
const timer = {
  now: Date.now,
  pause: async (milliseconds: number): Promise<void> => {
    await pause(milliseconds);
  },
};
const publishTraces = new DynamoDbPublishTraces(articlesTable, timer);

const ports: WatchPorts & CanaryPorts = {
  articles: new DynamoDbArticles(articlesTable),
  publishTraces,
  reader: new EdgeReader(env.EDGE_HOST, { token: env.WATCH_TOKEN }),
  announcer: eventBridgeAnnouncer(eventBridge, env.BUS_NAME),
  bus: eventBridgeBus(eventBridge, env.BUS_NAME),
  meter: new Meter(env.STAGE),
  timer,
  clock: timer,
};

/** A change that is not fresh after this time goes to the queue, where waiting costs nothing. */
const inlineWaitMs = 8000;
const againSeconds = 4;
/** The delay of late changes. It is below the two minutes at which the alarm on the queue's age fires. */
const laterSeconds = 90;

/** The schedule's input, or an announcement from the bus. */
type Message = { readonly start: 'canary' } | { readonly 'detail-type': string; readonly detail: unknown };

export const handler = queueHandler(async ({ body, attributes }, context) => {
  const until = timer.now() + Math.min(inlineWaitMs, context.getRemainingTimeInMillis() / 2);
  const message = JSON.parse(body) as Message;
  if ('start' in message) {
    if (await sendCanary(ports, env.CANARY_MINUTES * 60_000)) logInfo('a canary was sent');
    return;
  }
  const outcome = await watch(
    ports,
    { type: message['detail-type'], detail: message.detail, at: Number(attributes.SentTimestamp) },
    until,
  );
  if (outcome === 'again') await sendMessage(sqs, env.WATCH_QUEUE_URL, body, againSeconds);
  else if (outcome) {
    if (outcome !== 'later') logWarning('a change was not fresh in time', { ...outcome });
    await sendMessage(sqs, env.WATCH_QUEUE_URL, body, laterSeconds);
  }
});
