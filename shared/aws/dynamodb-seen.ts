import type { Seen } from '../consumer/consume.ts';
import type { Clock } from '../ports.ts';
import type { DynamoDb } from './dynamodb.ts';
import { numberOf } from './rows.ts';
import { getRow, putIf } from './table.ts';

/** Longer than any queue or archive can bring something again. */
const keptSeconds = 60 * 24 * 60 * 60;

/** A table of the consumer's own: partition key `key` (text), TTL `expiresAt`. */
export class DynamoDbSeen implements Seen {
  readonly #dynamoDb: DynamoDb;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(dynamoDb: DynamoDb, table: string, clock: Clock) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
    this.#clock = clock;
  }

  async highest(key: string): Promise<number> {
    const row = await getRow(this.#dynamoDb, this.#table, { key: { S: key } });
    return row === undefined ? 0 : numberOf(row, 'seq');
  }

  async note(key: string, seq: number): Promise<void> {
    const row = { key: { S: key }, seq: { N: String(seq) }, expiresAt: { N: String(Math.ceil(this.#clock.now() / 1000) + keptSeconds) } };
    await putIf(this.#dynamoDb, this.#table, row, { expression: 'attribute_not_exists(seq) OR seq < :seq', values: { ':seq': { N: String(seq) } } });
  }
}
