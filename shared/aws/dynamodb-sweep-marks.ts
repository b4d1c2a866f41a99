import type { SweepMark, SweepMarks } from '../cms/ports.ts';
import { textOf } from './rows.ts';
import type { RowKind } from './row-kind.ts';
import type { Table } from './table.ts';

const keyOf = (source: string) => ({ articleId: `sweep#${source}`, sk: 'mark' });

/** One row for each source, in the articles table to save a table. */
export const dynamoDbSweepMarks = (table: Table): SweepMarks => ({
  read: async (source) => {
    const row = await table.get(keyOf(source));
    // Written by this adapter, so its shape is known.
    return row && (JSON.parse(textOf(row, 'mark')) as SweepMark);
  },
  write: (source, mark) => table.put({ ...keyOf(source), type: 'sweep' satisfies RowKind, mark: JSON.stringify(mark) }),
});
