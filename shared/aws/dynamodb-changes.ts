import { tombstoneSeconds } from '../feed.ts';
import { daysBetween, dayOf, instantOf, positionOf, type ChangePage, type ListedChange, type ListedRow } from '../listed-change.ts';
import type { Changes, Clock } from '../ports.ts';
import type { DynamoDb } from './dynamodb.ts';
import { changesPartition, textOf } from './rows.ts';

/** The list of changes, in the feeds table: a partition a day, a row a change. */
export class DynamoDbChanges implements Changes {
  readonly #dynamoDb: DynamoDb;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(dynamoDb: DynamoDb, table: string, clock: Clock) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
    this.#clock = clock;
  }

  async list(change: ListedChange): Promise<void> {
    const at = this.#clock.now();
    await this.#dynamoDb.putItem({
      TableName: this.#table,
      Item: {
        feedId: { S: changesPartition(dayOf(at)) },
        sk: { S: positionOf(at, change) },
        change: { S: JSON.stringify(change) },
        expiresAt: { N: String(Math.ceil(at / 1000) + tombstoneSeconds) },
      },
    });
  }

  async page(after: string, until: number, limit: number): Promise<ChangePage> {
    const rows: ListedRow[] = [];
    for (const day of daysBetween(instantOf(after), until)) {
      rows.push(...(await this.#rows(day, after, limit + 1 - rows.length)));
      if (rows.length > limit) return { rows: rows.slice(0, limit), more: true };
    }
    return { rows, more: false };
  }

  async #rows(day: string, after: string, limit: number): Promise<ListedRow[]> {
    const { rows } = await this.#dynamoDb.query({
      TableName: this.#table,
      ConsistentRead: true,
      Limit: limit,
      KeyConditionExpression: 'feedId = :day AND sk > :after',
      ExpressionAttributeValues: { ':day': { S: changesPartition(day) }, ':after': { S: after } },
    });
    return rows.map((row) => ({ position: textOf(row, 'sk'), change: JSON.parse(textOf(row, 'change')) as ListedChange }));
  }
}
