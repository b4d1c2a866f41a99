import { createReadStream, createWriteStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { rowKind, type RowKind } from '../../shared/aws/row-kind.ts';
import { absent, type Row, type Table } from '../../shared/aws/table.ts';
import { WrongUse } from './exits.ts';

/**
 * Rows that are only meaningful in the stage that wrote them: running jobs, sweep cursors, publish traces, rejections.
 */
const passing: readonly (RowKind | undefined)[] = ['job', 'sweep', 'trace', 'front-trace', 'rejection', 'purges'];

function isPassing(row: Row): boolean {
  return passing.includes(rowKind(row));
}

/** How many rows are written side by side. */
const width = 16;

/** Every row of a table that a restored one needs. */
export async function* rowsOf(table: Table): AsyncGenerator<Row> {
  let next: Row | undefined;
  do {
    const page = await table.scan({ ConsistentRead: true, ...(next && { ExclusiveStartKey: next }) });
    for (const row of page.rows) if (!isPassing(row)) yield row;
    next = page.next;
  } while (next);
}

/** The rows of a backup: a file, or a directory of files, as `export` or DynamoDB's own export to S3 writes them. */
export async function* rowsIn(path: string): AsyncGenerator<Row> {
  if (!existsSync(path))
    throw new WrongUse(
      `${path} is neither a file nor a directory: give the output of export, or the directory of DynamoDB's own export`,
    );
  const files = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.json(?:\.gz)?$/.test(name) && !name.includes('manifest'))
        .map((name) => join(path, name))
        .sort()
    : [path];
  if (files.length === 0) throw new WrongUse(`${path} holds no .json or .json.gz file`);
  for (const file of files) {
    const bytes = createReadStream(file);
    const lines = createInterface({
      input: file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes,
      crlfDelay: Infinity,
    });
    let number = 0;
    for await (const line of lines) {
      number += 1;
      if (line.trim() === '') continue;
      const row = itemIn(line);
      if (typeof row?.['articleId'] !== 'string' || typeof row['sk'] !== 'string')
        throw new WrongUse(`${file}, line ${number}: this is not a row of an articles table`);
      if (!isPassing(row)) yield row;
    }
  }
}

/** Writes rows into a file, one a line, as DynamoDB's own export does. */
export class RowFile {
  readonly #gzip = createGzip();
  readonly #written: Promise<void>;
  #count = 0;

  constructor(file: string) {
    this.#written = pipeline(this.#gzip, createWriteStream(file)).catch((error: unknown) => {
      throw new Error(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    });
    // It is awaited at the next row that has to wait, or at the end.
    this.#written.catch(() => undefined);
    this.#gzip.on('error', () => undefined);
  }

  async write(row: Row): Promise<void> {
    this.#count += 1;
    if (this.#gzip.destroyed) await this.#written;
    if (!this.#gzip.write(`{"Item":${typedJson(row)}}\n`))
      await Promise.race([once(this.#gzip, 'drain').catch(() => this.#written), this.#written]);
  }

  /** Ends the file, and returns how many rows were written. */
  async end(): Promise<number> {
    this.#gzip.end();
    await this.#written;
    return this.#count;
  }
}

/** Writes rows into a file; returns how many. */
export async function exportRows(rows: AsyncIterable<Row>, path: string): Promise<number> {
  const file = new RowFile(path);
  for await (const row of rows) await file.write(row);
  return file.end();
}

/** A row as JSON of typed values, with bytes as base64, as DynamoDB's own export writes them. */
export function typedJson(row: Row): string {
  // A Buffer would turn itself into JSON before it is asked for.
  const plain = Object.entries(row).map(([name, value]): [string, unknown] => [
    name,
    value instanceof Uint8Array ? new Uint8Array(value) : value,
  ]);
  return JSON.stringify(marshall(Object.fromEntries(plain)), (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
}

/** The row of such JSON. */
export function rowOfTyped(json: string): Row {
  return unmarshall(
    // Written by DynamoDB or by `typedJson`, so its shape is known.
    JSON.parse(json, (name, value: unknown) =>
      name === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value,
    ) as Parameters<typeof unmarshall>[0],
  );
}

export interface Restored {
  readonly rows: number;
  /** Those of them that were not there. */
  readonly written: number;
}

/**
 * Puts missing rows back; versions, holds, paths and heads that exist are never replaced. Versions and holds come
 * before heads, so that a settle in between sees all of them.
 */
export async function restoreRows(
  table: Table,
  open: () => AsyncIterable<Row>,
  progress: (restored: Restored) => void,
): Promise<Restored> {
  let [rows, written] = [0, 0];
  for (const heads of [false, true]) {
    let batch: Promise<boolean>[] = [];
    const settle = async (): Promise<void> => {
      written += (await Promise.all(batch)).filter((isWritten) => isWritten).length;
      batch = [];
      progress({ rows, written });
    };
    for await (const row of open()) {
      if ((row['sk'] === 'head') !== heads) continue;
      rows += 1;
      batch.push(table.putIf(row, absent('sk')));
      if (batch.length === width) await settle();
    }
    await settle();
  }
  return { rows, written };
}

function itemIn(line: string): Row | undefined {
  try {
    const { Item } = JSON.parse(line) as { readonly Item?: unknown };
    return Item === undefined ? undefined : rowOfTyped(JSON.stringify(Item));
  } catch {
    return undefined;
  }
}
