import type { Archive } from '../article/ports.ts';
import { rowKind, type RowKind } from './row-kind.ts';
import { textOf } from './rows.ts';
import type { Table } from './table.ts';

/** A page is processed within seconds. */
const pageRows = 200;

/** Sorts above every row of a partition. */
const lastSortKey = '~';

/** The kinds of rows in the partitions of articles, fronts and pulled pictures. */
const articleKinds: readonly (RowKind | undefined)[] = [
  'version',
  'front-version',
  'hold',
  'path-use',
  'head',
  'front-head',
  'audio',
];

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
      ProjectionExpression: 'articleId, sk, #type',
      ExpressionAttributeNames: { '#type': 'type' },
      // Starts after all rows of the last article, so that a live blog with thousands of versions costs one page. No
      // row need exist at a start key (AWS Database Blog, "Generate a distinct set of partition keys").
      ...(after !== undefined && { ExclusiveStartKey: { articleId: after, sk: lastSortKey } }),
    });
    return {
      ids: [
        ...new Set(rows.filter((row) => articleKinds.includes(rowKind(row))).map((row) => textOf(row, 'articleId'))),
      ],
      next: next && textOf(next, 'articleId'),
    };
  }
}
