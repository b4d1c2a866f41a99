import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { documentClient, Table, type Row, type RowPage } from '../../shared/aws/table.ts';

/** A feed whose newest stories were withdrawn; counts the queries. */
class WithdrawnFeed extends Table {
  queries = 0;
  readonly #rows: readonly Row[];

  constructor(withdrawn: number) {
    super(documentClient({ region: 'us-east-1' }), 'feeds');
    const rows = Array.from({ length: withdrawn + 2 }, (_, at): Row => ({ sk: `place-${at}`, seq: at + 1 }));
    this.#rows = rows.map((row, at) =>
      at < withdrawn ? row : { ...row, card: JSON.stringify({ headline: 'Story' }) },
    );
  }

  override query({
    Limit = Infinity,
    ExclusiveStartKey: after,
  }: Omit<QueryCommandInput, 'TableName'>): Promise<RowPage> {
    this.queries += 1;
    const from = after === undefined ? 0 : this.#rows.findIndex(({ sk }) => sk === after['sk']) + 1;
    const rows = this.#rows.slice(from, from + Limit);
    return Promise.resolve({ rows, next: from + Limit < this.#rows.length ? rows.at(-1) : undefined });
  }
}

test.each([
  [0, 1],
  [100, 4],
  [2_000, 7],
  [20_000, 25],
])('the first story below %i withdrawn ones is found with %i queries', async (withdrawn, queries) => {
  const table = new WithdrawnFeed(withdrawn);
  const page = await new DynamoDbFeeds(table, { now: () => 0 }).page('latest', 1, undefined);
  expect([page.entries.map(({ place }) => place), page.more]).toEqual([[`place-${withdrawn}`], true]);
  expect(table.queries).toBeLessThanOrEqual(queries);
});
