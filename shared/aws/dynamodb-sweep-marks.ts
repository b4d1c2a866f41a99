import type { SweepMark, SweepMarks } from '../ports.ts';
import type { DynamoDb } from './dynamodb.ts';
import { getRow } from './table.ts';

/** A row for each source in the articles table, beside the articles: one table less to look after. */
export class DynamoDbSweepMarks implements SweepMarks {
  readonly #dynamoDb: DynamoDb;
  readonly #table: string;

  constructor(dynamoDb: DynamoDb, table: string) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
  }

  async read(source: string): Promise<SweepMark | undefined> {
    const mark = (await getRow(this.#dynamoDb, this.#table, keyOf(source)))?.['mark']?.S;
    return mark === undefined ? undefined : (JSON.parse(mark) as SweepMark);
  }

  async write(source: string, mark: SweepMark): Promise<void> {
    await this.#dynamoDb.putItem({ TableName: this.#table, Item: { ...keyOf(source), mark: { S: JSON.stringify(mark) } } });
  }
}

function keyOf(source: string) {
  return { articleId: { S: `sweep#${source}` }, sk: { S: 'mark' } };
}
