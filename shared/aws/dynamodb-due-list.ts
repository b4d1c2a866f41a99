import type { Due, DueList } from '../ports.ts';
import type { DynamoDb, RowPage } from './dynamodb.ts';
import { textOf, type Row } from './rows.ts';
import { getRow } from './table.ts';

const hour = 3_600_000;
/** A row that nobody struck goes by itself, long after the list was last asked about it. */
const forgottenSeconds = 7 * 24 * 60 * 60;

/** The due list, in the articles table: a partition for each hour. */
export class DynamoDbDueList implements DueList {
  readonly #dynamoDb: DynamoDb;
  readonly #table: string;

  constructor(dynamoDb: DynamoDb, table: string) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
  }

  async keep(due: Due): Promise<void> {
    await this.#dynamoDb.putItem({
      TableName: this.#table,
      Item: { ...keyOf(due), expiresAt: { N: String(Math.ceil(due.instant / 1000) + forgottenSeconds) } },
    });
  }

  async has(due: Due): Promise<boolean> {
    return (await getRow(this.#dynamoDb, this.#table, keyOf(due))) !== undefined;
  }

  async *between(from: number, to: number): AsyncGenerator<Due> {
    for (let start = Math.floor(from / hour) * hour; start <= to; start += hour) {
      let next: Row | undefined;
      do {
        const page: RowPage = await this.#dynamoDb.query({
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: 'articleId = :hour AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':hour': { S: partitionOf(start) },
            ':from': { S: instantText(from) },
            // Every article's row of an instant sorts below this.
            ':to': { S: `${instantText(to)}~` },
          },
          ...(next && { ExclusiveStartKey: next }),
        });
        for (const row of page.rows) {
          const [instant, articleId = ''] = textOf(row, 'sk').split('#');
          yield { articleId, instant: Number(instant) };
        }
        next = page.next;
      } while (next);
    }
  }

  async strike(due: Due): Promise<void> {
    await this.#dynamoDb.deleteItem({ TableName: this.#table, Key: keyOf(due) });
  }
}

function keyOf({ articleId, instant }: Due): Row {
  return { articleId: { S: partitionOf(instant) }, sk: { S: `${instantText(instant)}#${articleId}` } };
}

function partitionOf(instant: number): string {
  return `due#${new Date(instant).toISOString().slice(0, 13)}`;
}

function instantText(instant: number): string {
  return String(instant).padStart(13, '0');
}
