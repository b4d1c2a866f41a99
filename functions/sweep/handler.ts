import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import { bucketSettings, clientSettings } from '../../shared/aws/clients.ts';
import { DynamoDbArticles } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { dynamoDbSweepMarks } from '../../shared/aws/dynamodb-sweep-marks.ts';
import { environment } from '../../shared/aws/environment.ts';
import { eventBridgeBus } from '../../shared/aws/eventbridge.ts';
import { HttpCmsApi } from '../../shared/aws/http-cms-api.ts';
import { logFailure, logInfo, logWarning } from '../../shared/aws/log.ts';
import { Bucket } from '../../shared/aws/s3-bucket.ts';
import { s3PayloadStore } from '../../shared/aws/s3-payload-store.ts';
import { SecretsManagerSecrets } from '../../shared/aws/secrets-manager-secrets.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import { secretsIn } from '../../shared/cms/signature.ts';
import type { Swept } from '../../shared/cms/source-api.ts';
import { settingsOf, sourceNamed } from '../../shared/cms/sources.ts';
import { timeLimit } from '../../shared/aws/v8-time-limit.ts';
import { sweepEnv } from './env.ts';
import { sweep, type SweepPorts } from './sweep.ts';

const env = environment(sweepEnv);
const clock = { now: Date.now };
const dynamoDb = documentClient();
const articlesTable = new Table(dynamoDb, env.ARTICLES_TABLE);
const feedsTable = new Table(dynamoDb, env.FEEDS_TABLE);
const eventBridge = new EventBridgeClient(clientSettings());
const secretsManager = new SecretsManagerClient(clientSettings());
const apiKeys = new SecretsManagerSecrets(secretsManager, env.API_KEY_PREFIX, clock);
const webhookSecrets = new SecretsManagerSecrets(secretsManager, env.SECRET_PREFIX, clock);
const given = env.SOURCES;

const ports: SweepPorts = {
  articles: new DynamoDbArticles(articlesTable),
  feeds: new DynamoDbFeeds(feedsTable, clock),
  bus: eventBridgeBus(eventBridge, env.BUS_NAME),
  payloads: s3PayloadStore(new Bucket(env.PAYLOADS_BUCKET, bucketSettings(process.env))),
  cms: new HttpCmsApi(clock),
  marks: dynamoDbSweepMarks(articlesTable),
  clock,
};

/**
 * The input. The schedule's is empty, and means every source that is set up. A person names one source, and may request
 * its whole archive.
 */
interface SweepCall {
  readonly source?: string;
  readonly wholeArchive?: boolean;
  readonly seconds?: number;
}

/** A long story takes some 100 ms. */
const validationMilliseconds = 1000;
/** The time reserved for finishing, after the last story was checked. */
const endingMilliseconds = 10_000;
/** The time reserved for the page in progress, before Lambda ends the function. */
const reserveMilliseconds = 45_000;

export const handler = middy<SweepCall, Record<string, Swept>>().handler(
  async ({ source, wholeArchive = false, seconds }, context) => {
    const names = source === undefined ? Object.keys(given).filter((name) => sourceNamed(name)?.api) : [source];
    const lastCall = clock.now() + context.getRemainingTimeInMillis() - reserveMilliseconds;
    const until = seconds === undefined ? lastCall : Math.min(lastCall, clock.now() + seconds * 1000);
    const limit = timeLimit(validationMilliseconds, () => context.getRemainingTimeInMillis() - endingMilliseconds);
    const done = new Map<string, Swept>();
    const failures: unknown[] = [];
    for (const name of names) {
      try {
        const found = sourceNamed(name);
        if (!found) throw new Error(`there is no source ${name}`);
        const api = await keyOf(name);
        const swept = await sweep(
          { ...ports, limit },
          {
            source: found,
            settings: settingsOf(found, given),
            credentials: { key: api },
            wholeArchive,
            until,
          },
        );
        (swept.unreadable.length > 0 ? logWarning : logInfo)('swept', { source: name, ...swept });
        done.set(name, swept);
      } catch (error) {
        // A CMS that is down does not block the others.
        logFailure(error, { source: name });
        failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(
        failures,
        failures.map((error) => (error instanceof Error ? error.message : String(error))).join('; '),
      );
    return Object.fromEntries(done);
  },
);

/**
 * Returns the key of a CMS's API from its own secret, else from the webhooks' secret, where stages of earlier releases
 * have it.
 */
async function keyOf(source: string): Promise<string | undefined> {
  const { api } = secretsIn((given[source] && (await apiKeys.secretOf(source))) ?? '');
  return api ?? secretsIn((await webhookSecrets.secretOf(source)) ?? '').api;
}
