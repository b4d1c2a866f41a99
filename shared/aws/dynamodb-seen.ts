import type { Seen } from '../consumer/consume.ts';
import type { Clock } from '../clock.ts';
import { numberOf } from './rows.ts';
import type { Table } from './table.ts';

/** The lifetime of a row: longer than any queue or archive can repeat an event. */
const keptSeconds = 60 * 24 * 60 * 60;

/** The numbers that a consumer has handled, in a table of its own: partition key `key` (text), TTL `expiresAt`. */
export class DynamoDbSeen implements Seen {
  readonly #table: Table;
  readonly #clock: Clock;

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async highest(key: string): Promise<number> {
    const row = await this.#table.get({ key });
    return row === undefined ? 0 : numberOf(row, 'seq');
  }

  async note(key: string, seq: number): Promise<void> {
    const row = { key, seq, expiresAt: Math.ceil(this.#clock.now() / 1000) + keptSeconds };
    await this.#table.putIf(row, { expression: 'attribute_not_exists(seq) OR seq < :seq', values: { ':seq': seq } });
  }
}
