import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Journal, type Entry } from '../../tools/laptop/dynamodb/journal.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'pressrun-test-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** A journal of a list of numbers. */
async function open(path: string): Promise<{
  readonly numbers: unknown[];
  readonly journal: Journal;
  readonly add: (number: number) => Promise<void>;
}> {
  const numbers: unknown[] = [];
  const journal = await Journal.open({
    path,
    restore: (entries: readonly Entry[]) => {
      numbers.push(...entries.map(({ number }) => number));
    },
    snapshot: () => numbers.map((number) => ({ number })),
  });
  return {
    numbers,
    journal,
    add: (number) => {
      numbers.push(number);
      return journal.append({ number });
    },
  };
}

test('a journal keeps the order of entries, also of concurrent ones', async () => {
  const path = join(directory, 'order');
  const { add, journal } = await open(path);
  await Promise.all(Array.from({ length: 500 }, (_, number) => add(number)));
  await journal.close();
  const again = await open(path);
  await again.journal.close();
  expect(again.numbers).toEqual(Array.from({ length: 500 }, (_, number) => number));
});

test('a journal drops an unfinished last line, and continues after the lines before it', async () => {
  const path = join(directory, 'torn');
  const first = await open(path);
  await first.add(1);
  await first.journal.close();
  appendFileSync(path, '{"number":');
  const second = await open(path);
  expect(second.numbers).toEqual([1]);
  await second.add(2);
  await second.journal.close();
  const third = await open(path);
  await third.journal.close();
  expect(third.numbers).toEqual([1, 2]);
});

test('a journal is rewritten at the start with the present state alone', async () => {
  const path = join(directory, 'short');
  const first = await open(path);
  for (let number = 0; number < 50; number += 1) await first.add(number);
  first.numbers.splice(0, 49);
  await first.journal.close();
  const second = await Journal.open({ path, restore: () => undefined, snapshot: () => [{ number: 49 }] });
  await second.close();
  expect(readFileSync(path, 'utf8')).toBe('{"number":49}\n');
});
