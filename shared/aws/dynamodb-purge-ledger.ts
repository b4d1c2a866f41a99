import type { PurgeLedger } from '../ports.ts';
import type { DynamoDb } from './dynamodb.ts';
import { numberOf, type Row } from './rows.ts';
import { getRow } from './table.ts';

/** A row for each month in the articles table, beside the articles: one table less to look after. */
export class DynamoDbPurgeLedger implements PurgeLedger {
  readonly #dynamoDb: DynamoDb;
  readonly #table: string;

  constructor(dynamoDb: DynamoDb, table: string) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
  }

  async used(month: string): Promise<number> {
    const row = await getRow(this.#dynamoDb, this.#table, keyOf(month));
    return row === undefined ? 0 : numberOf(row, 'paths');
  }

  async add(month: string, paths: number): Promise<number> {
    const row = await this.#dynamoDb.updateItem({
      TableName: this.#table,
      Key: keyOf(month),
      UpdateExpression: 'ADD paths :paths',
      ExpressionAttributeValues: { ':paths': { N: String(paths) } },
      ReturnValues: 'UPDATED_NEW',
    });
    return numberOf(row, 'paths');
  }
}

function keyOf(month: string): Row {
  return { articleId: { S: `purges#${month}` }, sk: { S: 'paths' } };
}
