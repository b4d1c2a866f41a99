import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { PurgeLedger } from '../ports.ts';
import { numberOf, type Row } from './rows.ts';
import { getRow } from './table.ts';

/** A row for each month in the articles table, beside the articles: one table less to look after. */
export class DynamoDbPurgeLedger implements PurgeLedger {
  readonly #dynamoDb: DynamoDBClient;
  readonly #table: string;

  constructor(dynamoDb: DynamoDBClient, table: string) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
  }

  async used(month: string): Promise<number> {
    const row = await getRow(this.#dynamoDb, this.#table, keyOf(month));
    return row === undefined ? 0 : numberOf(row, 'paths');
  }

  async add(month: string, paths: number): Promise<number> {
    const { Attributes = {} } = await this.#dynamoDb.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: keyOf(month),
        UpdateExpression: 'ADD paths :paths',
        ExpressionAttributeValues: { ':paths': { N: String(paths) } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return numberOf(Attributes, 'paths');
  }
}

function keyOf(month: string): Row {
  return { articleId: { S: `purges#${month}` }, sk: { S: 'paths' } };
}
