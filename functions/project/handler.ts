import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import middy from '@middy/core';
import type {
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
  SQSBatchResponse,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';
import { clientSettings } from '../../shared/aws/clients.ts';
import { DynamoDbArticles } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbChanges } from '../../shared/aws/dynamodb-changes.ts';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { environment } from '../../shared/aws/environment.ts';
import { eventBridgeAnnouncer } from '../../shared/aws/eventbridge.ts';
import { correlated, logFailure, logInfo } from '../../shared/aws/log.ts';
import { eachMessage } from '../../shared/aws/queue-batch.ts';
import { rowKind } from '../../shared/aws/row-kind.ts';
import { frontHeadOf, headOf, pulledOf } from '../../shared/aws/rows.ts';
import { sendMessage, sqsPurgeRequests } from '../../shared/aws/sqs.ts';
import { documentClient, Table, type Row } from '../../shared/aws/table.ts';
import { projectEnv } from './env.ts';
import { nothingPulled } from '../../shared/picture/pulled-pictures.ts';
import { project, projectFront, projectPictures, type ProjectPorts } from './project.ts';

const env = environment(projectEnv);
const dynamoDb = documentClient();
const articlesTable = new Table(dynamoDb, env.ARTICLES_TABLE);
const feedsTable = new Table(dynamoDb, env.FEEDS_TABLE);
const eventBridge = new EventBridgeClient(clientSettings());
const sqs = new SQSClient(clientSettings());

const ports: ProjectPorts = {
  articles: new DynamoDbArticles(articlesTable),
  feeds: new DynamoDbFeeds(feedsTable, { now: Date.now }),
  changeList: new DynamoDbChanges(feedsTable, { now: Date.now }),
  purgeRequests: sqsPurgeRequests(sqs, { collecting: env.PURGE_QUEUE_URL, urgent: env.PURGE_URGENT_QUEUE_URL }),
  announcer: eventBridgeAnnouncer(eventBridge, env.BUS_NAME),
  lists: env.LISTS,
  purgeAgainSeconds: env.PURGE_AGAIN_SECONDS,
};

/**
 * The events come from two sources: the stream of heads, and project's own queue with the records of articles that
 * failed.
 */
export const handler = middy<DynamoDBStreamEvent | SQSEvent, DynamoDBBatchResponse | SQSBatchResponse>().handler(
  async ({ Records: records }, context) => {
    if (!isFromQueue(records)) return { batchItemFailures: await projectStream(records) };
    const again = async ({ body }: SQSRecord): Promise<void> => {
      const record = JSON.parse(body) as DynamoDBRecord;
      await correlated(correlationIdOf([record]), async () => projectRecords([record]));
    };
    return eachMessage(records, again, context);
  },
);

function isFromQueue(records: DynamoDBStreamEvent['Records'] | SQSEvent['Records']): records is SQSEvent['Records'] {
  return records[0] !== undefined && 'messageId' in records[0];
}

/**
 * Processes every article of the batch separately. A failed one goes to project's own queue, and the batch continues.
 */
async function projectStream(records: readonly DynamoDBRecord[]): Promise<DynamoDBBatchResponse['batchItemFailures']> {
  const byArticle = Map.groupBy(records, ({ dynamodb }) => dynamodb?.Keys?.['articleId']?.S ?? '');
  const failed = await Promise.all(
    [...byArticle].map(async ([articleId, own]) =>
      correlated(correlationIdOf(own), async () => {
        try {
          await projectRecords(own);
          logInfo('done', { articleId });
          return [];
        } catch (error) {
          logFailure(error, { articleId });
          return sendToRetryQueue(own);
        }
      }),
    ),
  );
  return failed.flat();
}

/** Returns the correlation id of the last change, which is the one that readers see. */
function correlationIdOf(records: readonly DynamoDBRecord[]): string | undefined {
  return records.at(-1)?.dynamodb?.NewImage?.['correlationId']?.S;
}

/** Returns the records that could not be sent, which Lambda delivers again. */
async function sendToRetryQueue(
  records: readonly DynamoDBRecord[],
): Promise<DynamoDBBatchResponse['batchItemFailures']> {
  try {
    // One message for each record, since together they could exceed a message's maximum size.
    await Promise.all(records.map(async (record) => sendMessage(sqs, env.RETRY_QUEUE_URL, JSON.stringify(record))));
    return [];
  } catch (error) {
    logFailure(error, { queue: 'project-retry' });
    return records.flatMap(({ dynamodb }) =>
      dynamodb?.SequenceNumber === undefined ? [] : [{ itemIdentifier: dynamodb.SequenceNumber }],
    );
  }
}

async function projectRecords(records: readonly DynamoDBRecord[]): Promise<void> {
  const { Keys, NewImage } = records[0]?.dynamodb ?? {};
  const articleId = Keys?.['articleId']?.S;
  if (articleId === undefined) throw new Error('a stream record names no article');
  const kind = rowKind({ articleId, sk: Keys?.['sk']?.S, type: NewImage?.['type']?.S });
  if (kind === 'front-head')
    await projectFront(
      ports,
      records.map((record) => imagesOf(record, frontHeadOf)),
    );
  else if (kind === 'pulled-pictures')
    await projectPictures(
      ports,
      records.map((record) => {
        const { before = nothingPulled, after = nothingPulled } = imagesOf(record, pulledOf);
        return { before, after };
      }),
    );
  else
    await project(
      ports,
      articleId,
      records.map((record) => imagesOf(record, headOf)),
    );
}

function imagesOf<H>(
  { dynamodb }: DynamoDBRecord,
  headIn: (row: Row) => H,
): { before: H | undefined; after: H | undefined } {
  // The type of Lambda's event differs from the SDK's for the same attributes.
  const image = (row: unknown): H | undefined =>
    row === undefined ? undefined : headIn(unmarshall(row as Parameters<typeof unmarshall>[0]));
  return { before: image(dynamodb?.OldImage), after: image(dynamodb?.NewImage) };
}
