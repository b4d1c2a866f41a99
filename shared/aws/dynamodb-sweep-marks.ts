import type { SweepMark, SweepMarks } from '../ports.ts';
import { textOf } from './rows.ts';
import type { Table } from './table.ts';

/** A row for each source in the articles table, beside the articles: one table less to look after. */
export class DynamoDbSweepMarks implements SweepMarks {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async read(source: string): Promise<SweepMark | undefined> {
    const row = await this.#table.get(keyOf(source));
    // Written by this adapter, so its shape is known.
    return row && (JSON.parse(textOf(row, 'mark')) as SweepMark);
  }

  async write(source: string, mark: SweepMark): Promise<void> {
    await this.#table.put({ ...keyOf(source), mark: JSON.stringify(mark) });
  }
}

function keyOf(source: string) {
  return { articleId: `sweep#${source}`, sk: 'mark' };
}
