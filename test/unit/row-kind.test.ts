import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { rowKind } from '../../shared/aws/row-kind.ts';
import type { Row } from '../../shared/aws/table.ts';
import { rowOf, type StoredRows } from '../contract/stored-rows.ts';

const directory = new URL('../fixtures/rows/', import.meta.url);

function recorded(file: string): Row[] {
  const { articles, feeds } = JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as StoredRows;
  return [...articles, ...feeds].map((row) => unmarshall(rowOf(row)));
}

describe('the kind of a row', () => {
  const rows = recorded('with-type.json');

  test('is an attribute of each row but feed entries', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((row) => row['type'] === undefined).map(rowKind)).toEqual(
      rows.filter((row) => rowKind(row) === 'entry').map(() => 'entry'),
    );
  });

  test('is known from the key alone for rows of earlier releases', () => {
    for (const { type, ...row } of rows) expect(rowKind(row)).toBe(type ?? 'entry');
  });

  test('is known for every recorded row', () => {
    for (const file of readdirSync(directory)) for (const row of recorded(file)) expect(rowKind(row)).toBeDefined();
  });

  test('is unknown for a row of a newer release with a new kind of key', () => {
    expect(rowKind({ articleId: 'abcdefghijklmnop', sk: 'g#1' })).toBeUndefined();
  });
});
