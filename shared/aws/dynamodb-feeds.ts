import { type FeedEntry, type FeedPage, type RemovedEntry, tombstoneSeconds } from '../feed.ts';
import type { Placement } from '../placement.ts';
import type { Clock, FeedRow, FeedRows, Feeds } from '../ports.ts';
import type { DynamoDb, RowPage } from './dynamodb.ts';
import { cardIn, changesPartition, numberOf, textOf, type Row } from './rows.ts';
import { absent, getRow, putIf, unchanged, type Condition } from './table.ts';

/** Small enough to be worked off within seconds. */
const sweepRows = 200;

/** The feeds table in DynamoDB: one row an entry, read descending, any depth by one Query. */
export class DynamoDbFeeds implements Feeds, FeedRows {
  readonly #dynamoDb: DynamoDb;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(dynamoDb: DynamoDb, table: string, clock: Clock) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
    this.#clock = clock;
  }

  async put(entry: FeedEntry): Promise<void> {
    // Something newer stands there: exactly what was wanted.
    await this.#putIf(entry, { expression: 'attribute_not_exists(seq) OR seq <= :seq', values: { ':seq': { N: String(entry.seq) } } });
  }

  async page(feed: string, limit: number, after: string | undefined): Promise<FeedPage> {
    const entries: FeedPage['entries'][number][] = [];
    const removed: RemovedEntry[] = [];
    let seq = 0;
    let start: Row | undefined = after === undefined ? undefined : { feedId: { S: feed }, sk: { S: after } };
    for (;;) {
      const { rows, next }: RowPage = await this.#dynamoDb.query({
        TableName: this.#table,
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: limit + 1,
        KeyConditionExpression: 'feedId = :feed',
        ExpressionAttributeValues: { ':feed': { S: feed } },
        ...(start && { ExclusiveStartKey: start }),
      });
      for (const row of rows) {
        const card = row['card']?.S;
        if (entries.length === limit && card !== undefined) return { entries, more: true, seq, removed };
        const rowSeq = numberOf(row, 'seq');
        seq = Math.max(seq, rowSeq);
        const uri = row['uri']?.S;
        if (card !== undefined) entries.push({ feed, place: textOf(row, 'sk'), seq: rowSeq, card: cardIn(card) });
        else if (uri !== undefined) removed.push({ uri, seq: rowSeq });
      }
      if (!next) return { entries, more: false, seq, removed };
      start = next;
    }
  }

  async row({ feed, place }: Placement): Promise<FeedRow | undefined> {
    const row = await getRow(this.#dynamoDb, this.#table, { feedId: { S: feed }, sk: { S: place } });
    return row && feedRowOf(row);
  }

  async sweep(after: string | undefined): Promise<{ readonly rows: readonly FeedRow[]; readonly next: string | undefined }> {
    const { rows, next } = await this.#dynamoDb.scan({
      TableName: this.#table,
      Limit: sweepRows,
      ...(after !== undefined && { ExclusiveStartKey: JSON.parse(after) as Row }),
    });
    // The list of changes stands in the same table, and is no feed.
    const entries = rows.filter((row) => !textOf(row, 'feedId').startsWith(changesPartition('')));
    return { rows: entries.map(feedRowOf), next: next && JSON.stringify(next) };
  }

  replace(entry: FeedEntry, standing: number | undefined): Promise<boolean> {
    return this.#putIf(entry, standing === undefined ? absent('seq') : unchanged('seq', standing));
  }

  #putIf({ feed, place, seq, card, uri }: FeedEntry, condition: Condition): Promise<boolean> {
    return putIf(
      this.#dynamoDb,
      this.#table,
      {
        feedId: { S: feed },
        sk: { S: place },
        seq: { N: String(seq) },
        ...(card
          ? { card: { S: JSON.stringify(card) } }
          : {
              expiresAt: { N: String(Math.ceil(this.#clock.now() / 1000) + tombstoneSeconds) },
              ...(uri !== undefined && { uri: { S: uri } }),
            }),
      },
      condition,
    );
  }
}

function feedRowOf(row: Row): FeedRow {
  const card = row['card']?.S;
  return {
    feed: textOf(row, 'feedId'),
    place: textOf(row, 'sk'),
    seq: row['seq'] && numberOf(row, 'seq'),
    ...(card !== undefined && { card: cardIn(card) }),
  };
}
