import { tombstoneSeconds } from '../feed/feed.ts';
import {
  daysBetween,
  dayOf,
  instantOf,
  positionOf,
  type ChangePage,
  type ListedChange,
  type ListedRow,
} from '../feed/listed-change.ts';
import type { Changes } from '../feed/ports.ts';
import type { Clock } from '../clock.ts';
import { changesPartition, textOf } from './rows.ts';
import type { RowKind } from './row-kind.ts';
import type { Table } from './table.ts';

/** The list of changes, in the feeds table: a partition for each day, a row for each change. */
export class DynamoDbChanges implements Changes {
  readonly #table: Table;
  readonly #clock: Clock;

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async list(change: ListedChange): Promise<void> {
    const at = this.#clock.now();
    await this.#table.put({
      feedId: changesPartition(dayOf(at)),
      sk: positionOf(at, change),
      type: 'change' satisfies RowKind,
      change: JSON.stringify(change),
      expiresAt: Math.ceil(at / 1000) + tombstoneSeconds,
    });
  }

  async page(after: string, until: number, limit: number): Promise<ChangePage> {
    const rows: ListedRow[] = [];
    for (const day of daysBetween(instantOf(after), until)) {
      rows.push(...(await this.#rows(day, after, limit + 1 - rows.length)));
      if (rows.length > limit) return { rows: rows.slice(0, limit), more: true };
    }
    return { rows, more: false };
  }

  async #rows(day: string, after: string, limit: number): Promise<ListedRow[]> {
    const { rows } = await this.#table.query({
      ConsistentRead: true,
      Limit: limit,
      KeyConditionExpression: 'feedId = :day AND sk > :after',
      ExpressionAttributeValues: { ':day': changesPartition(day), ':after': after },
    });
    return rows.map((row) => ({
      position: textOf(row, 'sk'),
      change: JSON.parse(textOf(row, 'change')) as ListedChange,
    }));
  }
}
