import middy from '@middy/core';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { AwsClient } from '../../shared/aws/aws-client.ts';
import { DynamoDb } from '../../shared/aws/dynamodb.ts';
import { DynamoDbArticles, DynamoDbFronts, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbChanges } from '../../shared/aws/dynamodb-changes.ts';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { environment } from '../../shared/aws/environment.ts';
import type { Theme } from '../../shared/theme.ts';
import { deliver, type DeliverPorts } from './deliver.ts';
import type { DeliverEnv } from './env.ts';

const env = environment<DeliverEnv>(['ARTICLES_TABLE', 'FEEDS_TABLE', 'LISTS', 'THEME'], process.env);
const dynamoDb = new DynamoDb(new AwsClient(process.env));

const ports: DeliverPorts = {
  articles: new DynamoDbArticles(dynamoDb, env.ARTICLES_TABLE),
  fronts: new DynamoDbFronts(dynamoDb, env.ARTICLES_TABLE),
  pictures: new DynamoDbPictures(dynamoDb, env.ARTICLES_TABLE),
  feeds: new DynamoDbFeeds(dynamoDb, env.FEEDS_TABLE, { now: Date.now }),
  changeList: new DynamoDbChanges(dynamoDb, env.FEEDS_TABLE, { now: Date.now }),
  clock: { now: Date.now },
  lists: env.LISTS,
  siteUrl: env.SITE_URL === '' ? undefined : env.SITE_URL,
  offersAudio: env.AUDIO === 'on',
  theme: JSON.parse(env.THEME) as Theme,
};

export const handler = middy<LambdaFunctionURLEvent, LambdaFunctionURLResult>().handler(
  async ({ rawPath, rawQueryString, headers, requestContext }) => {
    const {
      status,
      headers: sent,
      body,
    } = await deliver(ports, {
      method: requestContext.http.method,
      path: rawPath,
      query: new URLSearchParams(rawQueryString),
      // The origin sees its own host; the reader's comes from the distribution's viewer function.
      host: headers['x-pressrun-host'] ?? headers['host'] ?? 'localhost',
      ifNoneMatch: headers['if-none-match'],
    });
    return { statusCode: status, headers: sent, body };
  },
);
