import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../shared/aws/clients.ts';
import { DynamoDbArticles } from '../../shared/aws/dynamodb-articles.ts';
import { environment } from '../../shared/aws/environment.ts';
import { queueHandler } from '../../shared/aws/queue-batch.ts';
import { settleSchedule } from '../../shared/aws/scheduler-settle-schedule.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import type { SettlePorts } from '../../shared/article/settle-article.ts';
import { releaseEnv } from './env.ts';
import { release } from './release.ts';

const env = environment(releaseEnv);
const clock = { now: Date.now };
const articlesTable = new Table(documentClient(), env.ARTICLES_TABLE);
const sqs = new SQSClient(clientSettings());

const ports: SettlePorts = {
  articles: new DynamoDbArticles(articlesTable),
  settleSchedule: settleSchedule(articlesTable, sqs, clientSettings(), clock, env),
  clock,
};

export const handler = queueHandler(async ({ body }) => release(ports, body));
