import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SweepMark, SweepMarks } from '../ports.ts';

/** A row for each source in the articles table, beside the articles: one table less to look after. */
export class DynamoDbSweepMarks implements SweepMarks {
  readonly #dynamoDb: DynamoDBClient;
  readonly #table: string;

  constructor(dynamoDb: DynamoDBClient, table: string) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
  }

  async read(source: string): Promise<SweepMark | undefined> {
    const { Item } = await this.#dynamoDb.send(new GetItemCommand({ TableName: this.#table, ConsistentRead: true, Key: keyOf(source) }));
    const mark = Item?.['mark']?.S;
    return mark === undefined ? undefined : (JSON.parse(mark) as SweepMark);
  }

  async write(source: string, mark: SweepMark): Promise<void> {
    await this.#dynamoDb.send(
      new PutItemCommand({ TableName: this.#table, Item: { ...keyOf(source), mark: { S: JSON.stringify(mark) } } }),
    );
  }
}

function keyOf(source: string) {
  return { articleId: { S: `sweep#${source}` }, sk: { S: 'mark' } };
}
