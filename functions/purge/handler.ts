import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
import { clientSettings } from '../../shared/aws/clients.ts';
import { cloudFrontCdn } from '../../shared/aws/cloudfront-cdn.ts';
import { dynamoDbPurgeLedger } from '../../shared/aws/dynamodb-purge-ledger.ts';
import { environment } from '../../shared/aws/environment.ts';
import { eventBridgeAnnouncer } from '../../shared/aws/eventbridge.ts';
import { logFailure, logInfo } from '../../shared/aws/log.ts';
import { Meter } from '../../shared/aws/meter.ts';
import { sqsPurgeRequests } from '../../shared/aws/sqs-messages.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import { webSubHub } from '../../shared/aws/websub-hub.ts';
import { correlationIdIn } from '../../shared/events/correlation.ts';
import type { PurgeRequest } from '../../shared/ports.ts';
import { monthOf } from '../../shared/purge/purge-budget.ts';
import { purgeEnv } from './env.ts';
import { purge, type PurgePorts } from './purge.ts';
import { notifyHub, type NotifyHubPorts } from './notify-hub.ts';
import { withinBudget, type BudgetPorts } from './within-budget.ts';

const env = environment(purgeEnv);

const cloudFront = new CloudFrontClient(clientSettings());
const eventBridge = new EventBridgeClient(clientSettings());
const sqs = new SQSClient(clientSettings());

const ports: PurgePorts = {
  cdn: cloudFrontCdn(cloudFront, env.DISTRIBUTION_ID),
  announcer: eventBridgeAnnouncer(eventBridge, env.BUS_NAME),
};
const meter = new Meter(env.STAGE);
const budgetPorts = budgetPortsOf();
const hubPorts: NotifyHubPorts | undefined =
  env.HUB_URL === undefined || env.SITE_URL === undefined
    ? undefined
    : { hub: webSubHub(env.HUB_URL), siteUrl: env.SITE_URL };

/** The whole batch is one flush: if it fails, all of it is repeated. */
export const handler = middy<SQSEvent>()
  .handler(flush)
  .onError(({ error, event }) => {
    logFailure(error, { correlationIds: correlationIdsOf(event) });
  });

async function flush({ Records }: SQSEvent) {
  const asked = Records.map(({ messageId, body }) => ({ messageId, request: JSON.parse(body) as PurgeRequest }));
  // Urgent requests are always purged, withdrawals above all.
  const isUrgent = Records.some(({ eventSourceARN }) => eventSourceARN.endsWith('-urgent'));
  const messages = budgetPorts && !isUrgent ? await affordable(budgetPorts, asked) : asked;
  const paths = await purge(ports, messages);
  meter.add('PurgePaths', paths);
  logInfo('purged', { paths, correlationIds: correlationIdsOf({ Records }) });
  if (budgetPorts && paths > 0) await entered(budgetPorts, paths);
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

function correlationIdsOf({ Records }: SQSEvent): string[] {
  return [...new Set(Records.flatMap(({ body }) => correlationIdIn(body) ?? []))];
}

type Asked = Parameters<typeof withinBudget>[1];

/** Readers matter more than the bill: if the ledger cannot be read, everything is purged. */
async function affordable(budget: BudgetPorts, asked: Asked): Promise<Asked> {
  try {
    return await withinBudget(budget, asked);
  } catch (error) {
    logFailure(error, { budget: 'not read' });
    return asked;
  }
}

async function entered({ ledger, clock, budget }: BudgetPorts, paths: number): Promise<void> {
  try {
    meter.add('PurgeBudgetPercent', (100 * (await ledger.add(monthOf(clock.now()), paths))) / budget);
  } catch (error) {
    logFailure(error, { budget: 'not written' });
  }
}

function budgetPortsOf(): BudgetPorts | undefined {
  const { PURGE_BUDGET, ARTICLES_TABLE, PURGE_QUEUE_URL } = env;
  if (PURGE_BUDGET === undefined || ARTICLES_TABLE === undefined || PURGE_QUEUE_URL === undefined) return undefined;
  return {
    ledger: dynamoDbPurgeLedger(new Table(documentClient(), ARTICLES_TABLE)),
    purgeRequests: sqsPurgeRequests(sqs, { collecting: PURGE_QUEUE_URL, urgent: PURGE_QUEUE_URL }),
    clock: { now: Date.now },
    budget: PURGE_BUDGET,
  };
}
