import type { PurgeLedger } from '../ports.ts';
import { numberOf } from './rows.ts';
import type { Row, Table } from './table.ts';

/** A row for each month in the articles table, beside the articles: one table less to look after. */
export class DynamoDbPurgeLedger implements PurgeLedger {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async used(month: string): Promise<number> {
    const row = await this.#table.get(keyOf(month));
    return row === undefined ? 0 : numberOf(row, 'paths');
  }

  async add(month: string, paths: number): Promise<number> {
    const row = await this.#table.update({
      Key: keyOf(month),
      UpdateExpression: 'ADD paths :paths',
      ExpressionAttributeValues: { ':paths': paths },
      ReturnValues: 'UPDATED_NEW',
    });
    return numberOf(row, 'paths');
  }
}

function keyOf(month: string): Row {
  return { articleId: `purges#${month}`, sk: 'paths' };
}
