import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { tombstoneSeconds, type FeedEntry, type FeedPage } from '../feed.ts';
import type { Clock, Feeds } from '../ports.ts';
import { cardIn, numberOf, textOf, type Row } from './rows.ts';

/** The feeds table in DynamoDB: one row an entry, read descending, any depth by one Query. */
export class DynamoDbFeeds implements Feeds {
  readonly #dynamoDb: DynamoDBClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(dynamoDb: DynamoDBClient, table: string, clock: Clock) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
    this.#clock = clock;
  }

  async put(entry: FeedEntry): Promise<void> {
    const seq = { N: String(entry.seq) };
    try {
      await this.#dynamoDb.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: {
            feedId: { S: entry.feed },
            sk: { S: entry.place },
            seq,
            ...(entry.card
              ? { card: { S: JSON.stringify(entry.card) } }
              : { expiresAt: { N: String(Math.ceil(this.#clock.now() / 1000) + tombstoneSeconds) } }),
          },
          ConditionExpression: 'attribute_not_exists(seq) OR seq <= :seq',
          ExpressionAttributeValues: { ':seq': seq },
        }),
      );
    } catch (error) {
      // Something newer stands there: exactly what was wanted.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async page(feed: string, limit: number, after: string | undefined): Promise<FeedPage> {
    const entries: FeedPage['entries'][number][] = [];
    let seq = 0;
    let start: Row | undefined = after === undefined ? undefined : { feedId: { S: feed }, sk: { S: after } };
    for (;;) {
      const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await this.#dynamoDb.send(
        new QueryCommand({
          TableName: this.#table,
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: limit + 1,
          KeyConditionExpression: 'feedId = :feed',
          ExpressionAttributeValues: { ':feed': { S: feed } },
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const row of Items) {
        const card = row['card']?.S;
        if (entries.length === limit && card !== undefined) return { entries, more: true, seq };
        const rowSeq = numberOf(row, 'seq');
        seq = Math.max(seq, rowSeq);
        if (card !== undefined) entries.push({ feed, place: textOf(row, 'sk'), seq: rowSeq, card: cardIn(card) });
      }
      if (!LastEvaluatedKey) return { entries, more: false, seq };
      start = LastEvaluatedKey;
    }
  }
}
