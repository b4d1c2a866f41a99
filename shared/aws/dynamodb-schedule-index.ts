import type { ScheduledSettle, ScheduleIndex } from '../article/ports.ts';
import { textOf } from './rows.ts';
import type { RowKind } from './row-kind.ts';
import type { Row, RowPage, Table } from './table.ts';

const hour = 3_600_000;
/** The TTL of an entry that was not removed: long after `reconcile` reads it for the last time. */
const forgottenSeconds = 7 * 24 * 60 * 60;

/** The schedule index, in the articles table: a partition for each hour. */
export class DynamoDbScheduleIndex implements ScheduleIndex {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async keep(due: ScheduledSettle): Promise<void> {
    await this.#table.put({
      ...keyOf(due),
      type: 'due' satisfies RowKind,
      expiresAt: Math.ceil(due.instant / 1000) + forgottenSeconds,
    });
  }

  async has(due: ScheduledSettle): Promise<boolean> {
    return (await this.#table.get(keyOf(due))) !== undefined;
  }

  async *between(from: number, to: number): AsyncGenerator<ScheduledSettle> {
    for (let start = Math.floor(from / hour) * hour; start <= to; start += hour) {
      let next: Row | undefined;
      do {
        const page: RowPage = await this.#table.query({
          ConsistentRead: true,
          KeyConditionExpression: 'articleId = :hour AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':hour': partitionOf(start),
            ':from': instantText(from),
            // Sorts above the rows of every article at this instant.
            ':to': `${instantText(to)}~`,
          },
          ...(next && { ExclusiveStartKey: next }),
        });
        for (const row of page.rows) {
          const [instant, articleId = ''] = textOf(row, 'sk').split('#');
          yield { articleId, instant: Number(instant) };
        }
        next = page.next;
      } while (next);
    }
  }

  async remove(due: ScheduledSettle): Promise<void> {
    await this.#table.delete(keyOf(due));
  }
}

function keyOf({ articleId, instant }: ScheduledSettle): Row {
  return { articleId: partitionOf(instant), sk: `${instantText(instant)}#${articleId}` };
}

function partitionOf(instant: number): string {
  return `due#${new Date(instant).toISOString().slice(0, 13)}`;
}

function instantText(instant: number): string {
  return String(instant).padStart(13, '0');
}
