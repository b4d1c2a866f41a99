import type { PurgeLedger } from '../purge/ports.ts';
import { numberOf } from './rows.ts';
import type { Table } from './table.ts';

const keyOf = (month: string) => ({ articleId: `purges#${month}`, sk: 'paths' });

/** One row for each month, in the articles table to save a table. */
export const dynamoDbPurgeLedger = (table: Table): PurgeLedger => ({
  used: async (month) => {
    const row = await table.get(keyOf(month));
    return row === undefined ? 0 : numberOf(row, 'paths');
  },
  add: async (month, paths) => {
    const row = await table.update({
      type: 'purges',
      Key: keyOf(month),
      UpdateExpression: 'ADD paths :paths',
      ExpressionAttributeValues: { ':paths': paths },
      ReturnValues: 'UPDATED_NEW',
    });
    return numberOf(row, 'paths');
  },
});
