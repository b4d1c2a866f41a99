import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
import { clientSettings, longPollingLimits } from '../../shared/aws/clients.ts';
import { cloudFrontCdn } from '../../shared/aws/cloudfront-cdn.ts';
import { dynamoDbPurgeLedger } from '../../shared/aws/dynamodb-purge-ledger.ts';
import { environment } from '../../shared/aws/environment.ts';
import { eventBridgeAnnouncer } from '../../shared/aws/eventbridge.ts';
import { logFailure, logInfo } from '../../shared/aws/log.ts';
import { Meter } from '../../shared/aws/meter.ts';
import { sqsPurgeQueue, sqsPurgeRequests } from '../../shared/aws/sqs.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import { webSubHub } from '../../shared/aws/websub-hub.ts';
import { correlationIdIn } from '../../shared/events/correlation.ts';
import type { PurgeRequest, QueuedPurge } from '../../shared/purge/ports.ts';
import { monthOf } from '../../shared/purge/purge-budget.ts';
import { collect, type CollectPorts } from './collect.ts';
import { purgeEnv } from './env.ts';
import { purge, type PurgePorts } from './purge.ts';
import { notifyHub, type NotifyHubPorts } from './notify-hub.ts';
import { withinBudget, type BudgetPorts } from './within-budget.ts';

const env = environment(purgeEnv);

const cloudFront = new CloudFrontClient(clientSettings());
const eventBridge = new EventBridgeClient(clientSettings());
const sqs = new SQSClient(clientSettings(longPollingLimits(env.PURGE_WINDOW_SECONDS)));

const ports: PurgePorts = {
  cdn: cloudFrontCdn(cloudFront, env.DISTRIBUTION_ID),
  announcer: eventBridgeAnnouncer(eventBridge, env.BUS_NAME),
};
const collectPorts: CollectPorts = {
  queue: sqsPurgeQueue(sqs, env.PURGE_QUEUE_URL),
  clock: { now: Date.now },
  windowSeconds: env.PURGE_WINDOW_SECONDS,
};
const meter = new Meter(env.STAGE);
const budgetPorts = budgetPortsOf();
const hubPorts: NotifyHubPorts | undefined =
  env.HUB_URL === undefined || env.SITE_URL === undefined
    ? undefined
    : { hub: webSubHub(env.HUB_URL), siteUrl: env.SITE_URL };

/** The batch and the messages collected with it are one flush: if it fails, all are repeated. */
export const handler = middy<SQSEvent>()
  .handler(flush)
  .onError(({ error, event }) => {
    logFailure(error, { correlationIds: correlationIdsOf(event.Records) });
  });

async function flush({ Records }: SQSEvent) {
  // Urgent requests skip the window, and are purged whatever the budget.
  const isUrgent = Records.some(({ eventSourceARN }) => eventSourceARN.endsWith('-urgent'));
  const collected = isUrgent
    ? []
    : await collect(collectPorts, (error) => {
        logFailure(error, { window: 'closed early' });
      });
  const batch = [...Records, ...collected];
  const received = batch.map(({ messageId, body }) => ({ messageId, request: JSON.parse(body) as PurgeRequest }));
  const messages = budgetPorts && !isUrgent ? await keepToBudget(budgetPorts, received) : received;
  const paths = await purge(ports, messages);
  meter.add('PurgePaths', paths);
  logInfo('purged', { paths, correlationIds: correlationIdsOf(batch) });
  if (budgetPorts && paths > 0) await countPaths(budgetPorts, paths);
  await removeMessages(collected);
  if (hubPorts) {
    try {
      await notifyHub(
        hubPorts,
        messages.map(({ request }) => request),
      );
    } catch (error) {
      // Subscribers are notified with the next change, and poll. A retry would purge, and cost, again.
      logFailure(error, { hub: 'not notified' });
    }
  }
  return { batchItemFailures: [] };
}

function correlationIdsOf(messages: readonly { readonly body: string }[]): string[] {
  return [...new Set(messages.flatMap(({ body }) => correlationIdIn(body) ?? []))];
}

/** Lambda deletes only the messages that it delivered itself. A message that is not deleted is delivered and purged again. */
async function removeMessages(collected: readonly QueuedPurge[]): Promise<void> {
  try {
    await collectPorts.queue.remove(collected);
  } catch (error) {
    logFailure(error, { messages: 'not deleted' });
  }
}

type Messages = Parameters<typeof withinBudget>[1];

/** Readers matter more than the bill: if the ledger cannot be read, everything is purged. */
async function keepToBudget(budget: BudgetPorts, received: Messages): Promise<Messages> {
  try {
    return await withinBudget(budget, received);
  } catch (error) {
    logFailure(error, { budget: 'not read' });
    return received;
  }
}

async function countPaths({ ledger, clock, budget }: BudgetPorts, paths: number): Promise<void> {
  try {
    meter.add('PurgeBudgetPercent', (100 * (await ledger.add(monthOf(clock.now()), paths))) / budget);
  } catch (error) {
    logFailure(error, { budget: 'not written' });
  }
}

function budgetPortsOf(): BudgetPorts | undefined {
  const { PURGE_BUDGET, ARTICLES_TABLE, PURGE_QUEUE_URL } = env;
  if (PURGE_BUDGET === undefined || ARTICLES_TABLE === undefined) return undefined;
  return {
    ledger: dynamoDbPurgeLedger(new Table(documentClient(), ARTICLES_TABLE)),
    purgeRequests: sqsPurgeRequests(sqs, { collecting: PURGE_QUEUE_URL, urgent: PURGE_QUEUE_URL }),
    clock: { now: Date.now },
    budget: PURGE_BUDGET,
  };
}
