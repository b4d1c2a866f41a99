import middy from '@middy/core';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { DynamoDbArticles, DynamoDbFronts, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbChanges } from '../../shared/aws/dynamodb-changes.ts';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { environment } from '../../shared/aws/environment.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import type { Secrets } from '../../shared/cms/ports.ts';
import { secretsIn } from '../../shared/cms/signature.ts';
import { hostHeader } from '../../shared/site/cdn-headers.ts';
import { encodingOf, forCdn, pathOf } from './cdn.ts';
import { deliver } from './deliver.ts';
import type { DeliverPorts } from './ports.ts';
import { deliverEnv } from './env.ts';

const env = environment(deliverEnv);
const dynamoDb = documentClient();
const articlesTable = new Table(dynamoDb, env.ARTICLES_TABLE);
const feedsTable = new Table(dynamoDb, env.FEEDS_TABLE);

const clock = { now: Date.now };
const articles = new DynamoDbArticles(articlesTable);

/** Loaded with the first preview, because it would slow each cold start. */
let previewSecrets: Promise<Secrets> | undefined;

async function loadSecrets(): Promise<Secrets> {
  const { previewSecretsOf } = await import('../../shared/aws/preview-secrets.ts');
  return previewSecretsOf(env.PREVIEW_SECRET, clock);
}

const ports: DeliverPorts = {
  articles,
  preview: {
    articles,
    secrets: async () => {
      const held = await (await (previewSecrets ??= loadSecrets())).secretOf('');
      return held === undefined ? [] : secretsIn(held).webhook;
    },
  },
  fronts: new DynamoDbFronts(articlesTable),
  pictures: new DynamoDbPictures(articlesTable),
  feeds: new DynamoDbFeeds(feedsTable, { now: Date.now }),
  changeList: new DynamoDbChanges(feedsTable, { now: Date.now }),
  clock: { now: Date.now },
  lists: env.LISTS,
  siteUrl: env.SITE_URL,
  offersAudio: env.AUDIO === 'on',
  theme: env.THEME,
};

export const handler = middy<LambdaFunctionURLEvent, LambdaFunctionURLResult>().handler(
  async ({ rawPath, rawQueryString, headers, requestContext }) => {
    const encoding = encodingOf(headers['accept-encoding']);
    const response = await deliver(ports, {
      method: requestContext.http.method,
      path: pathOf(rawPath),
      query: new URLSearchParams(rawQueryString),
      // The `host` header is the origin's. The viewer function of the distribution passes on the reader's.
      host: headers[hostHeader] ?? headers['host'] ?? 'localhost',
      ifNoneMatch: headers['if-none-match'],
      encoding,
    });
    return forCdn(response, encoding);
  },
);
