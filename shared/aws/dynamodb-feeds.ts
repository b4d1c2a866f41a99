import { type FeedEntry, type FeedPage, type RemovedEntry, tombstoneSeconds } from '../feed/feed.ts';
import type { Placement } from '../feed/placement.ts';
import type { Clock } from '../clock.ts';
import type { FeedRow, FeedRows, Feeds } from '../feed/ports.ts';
import { cardIn, numberOf, optionalText, textOf } from './rows.ts';
import { rowKind } from './row-kind.ts';
import { absent, unchanged, type Condition, type Row, type RowPage, type Table } from './table.ts';

/** A page is processed within seconds. */
const sweepRows = 200;
/** The cards of this many rows take about 1 MB, at which DynamoDB ends a page by itself. */
const largestPageRows = 1_000;

/** The feeds table: one row for each entry, read descending. A page at any depth is one Query. */
export class DynamoDbFeeds implements Feeds, FeedRows {
  readonly #table: Table;
  readonly #clock: Clock;

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async put(entry: FeedEntry): Promise<void> {
    // If the condition fails, a newer entry is stored, as intended.
    await this.#putIf(entry, { expression: 'attribute_not_exists(seq) OR seq <= :seq', values: { ':seq': entry.seq } });
  }

  async page(feed: string, limit: number, after: string | undefined): Promise<FeedPage> {
    const entries: FeedPage['entries'][number][] = [];
    const removed: RemovedEntry[] = [];
    let seq = 0;
    let start: Row | undefined = after === undefined ? undefined : { feedId: feed, sk: after };
    // Tombstones stay for days, and thousands may follow each other, so each query reads more rows than the last.
    for (let rowLimit = limit + 1; ; rowLimit = Math.min(rowLimit * 4, largestPageRows)) {
      const { rows, next }: RowPage = await this.#table.query({
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: rowLimit,
        KeyConditionExpression: 'feedId = :feed',
        ExpressionAttributeValues: { ':feed': feed },
        ...(start && { ExclusiveStartKey: start }),
      });
      for (const row of rows) {
        const card = optionalText(row, 'card');
        if (entries.length === limit && card !== undefined) return { entries, more: true, seq, removed };
        const rowSeq = numberOf(row, 'seq');
        seq = Math.max(seq, rowSeq);
        const uri = optionalText(row, 'uri');
        if (card !== undefined) entries.push({ feed, place: textOf(row, 'sk'), seq: rowSeq, card: cardIn(card) });
        else if (uri !== undefined) removed.push({ uri, seq: rowSeq });
      }
      if (!next) return { entries, more: false, seq, removed };
      start = next;
    }
  }

  async row({ feed, place }: Placement): Promise<FeedRow | undefined> {
    const row = await this.#table.get({ feedId: feed, sk: place });
    return row && feedRowOf(row);
  }

  async sweep(
    after: string | undefined,
  ): Promise<{ readonly rows: readonly FeedRow[]; readonly next: string | undefined }> {
    const { rows, next } = await this.#table.scan({
      Limit: sweepRows,
      ...(after !== undefined && { ExclusiveStartKey: JSON.parse(after) as Row }),
    });
    // The list of changes is in the same table and is not a feed.
    const entries = rows.filter((row) => rowKind(row) === 'entry');
    return { rows: entries.map(feedRowOf), next: next && JSON.stringify(next) };
  }

  replace(entry: FeedEntry, previousSeq: number | undefined): Promise<boolean> {
    return this.#putIf(entry, previousSeq === undefined ? absent('seq') : unchanged('seq', previousSeq));
  }

  #putIf({ feed, place, seq, card, uri }: FeedEntry, condition: Condition): Promise<boolean> {
    return this.#table.putIf(
      {
        feedId: feed,
        sk: place,
        seq,
        ...(card
          ? { card: JSON.stringify(card) }
          : { expiresAt: Math.ceil(this.#clock.now() / 1000) + tombstoneSeconds, uri }),
      },
      condition,
    );
  }
}

function feedRowOf(row: Row): FeedRow {
  const card = optionalText(row, 'card');
  return {
    feed: textOf(row, 'feedId'),
    place: textOf(row, 'sk'),
    seq: row['seq'] === undefined ? undefined : numberOf(row, 'seq'),
    ...(card !== undefined && { card: cardIn(card) }),
  };
}
