import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Archive } from '../ports.ts';
import { textOf } from './rows.ts';

/** Small enough to be worked off within seconds. */
const pageRows = 200;

/** Sorts above every row of a partition. */
const lastSortKey = '~';

/** The articles, fronts and pulled pictures of the articles table, by scanning it. */
export class DynamoDbArchive implements Archive {
  readonly #dynamoDb: DynamoDBClient;
  readonly #table: string;

  constructor(dynamoDb: DynamoDBClient, table: string) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
  }

  async page(after: string | undefined): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }> {
    const { Items = [], LastEvaluatedKey } = await this.#dynamoDb.send(
      new ScanCommand({
        TableName: this.#table,
        Limit: pageRows,
        ProjectionExpression: 'articleId',
        // Past all rows of the last article, seen or not: a live blog with thousands of versions costs one page.
        // Nothing need stand at a start key (AWS Database Blog, "Generate a distinct set of partition keys").
        ...(after !== undefined && { ExclusiveStartKey: { articleId: { S: after }, sk: { S: lastSortKey } } }),
      }),
    );
    const partitions = new Set(Items.map((row) => textOf(row, 'articleId')));
    return {
      ids: [...partitions].filter((partition) => !/^(?:path|due|pass|purges|sweep|trail|refused)#|^pictures$/.test(partition)),
      next: LastEvaluatedKey && textOf(LastEvaluatedKey, 'articleId'),
    };
  }
}
