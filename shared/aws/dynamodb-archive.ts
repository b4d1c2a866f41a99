import type { Archive } from '../article/ports.ts';
import { textOf } from './rows.ts';
import type { Table } from './table.ts';

/** A page is processed within seconds. */
const pageRows = 200;

/** Sorts above every row of a partition. */
const lastSortKey = '~';

/** The ids of articles, fronts and pulled pictures, read by scanning the articles table. */
export class DynamoDbArchive implements Archive {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async page(
    after: string | undefined,
  ): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }> {
    const { rows, next } = await this.#table.scan({
      Limit: pageRows,
      ProjectionExpression: 'articleId',
      // Starts after all rows of the last article, so that a live blog with thousands of versions costs one page. No
      // row need exist at a start key (AWS Database Blog, "Generate a distinct set of partition keys").
      ...(after !== undefined && { ExclusiveStartKey: { articleId: after, sk: lastSortKey } }),
    });
    const partitions = new Set(rows.map((row) => textOf(row, 'articleId')));
    return {
      ids: [...partitions].filter(
        (partition) => !/^(?:path|due|pass|purges|sweep|trail|refused)#|^pictures$/.test(partition),
      ),
      next: next && textOf(next, 'articleId'),
    };
  }
}
