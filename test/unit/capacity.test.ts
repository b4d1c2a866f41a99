import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readUnitsOf, sizeOf, withCapacity, writeUnitsOf } from '../../tools/laptop/dynamodb/capacity.ts';
import { DynamoDbEngine, type Item } from '../../tools/laptop/dynamodb/dynamodb-engine.ts';

const table = 'rows';

/** Rows such as the pipeline writes: ASCII, because dynalite counts characters where AWS counts bytes. */
const ascii = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength,
  });
const row: fc.Arbitrary<Item> = fc.record({
  id: ascii(100).map((S) => ({ S })),
  seq: fc.integer({ min: 1, max: 2_000_000_000_000 }).map((number) => ({ N: String(number) })),
  card: ascii(3000).map((S) => ({ S })),
  content: fc
    .uint8Array({ minLength: 1, maxLength: 5000 })
    .map((bytes) => ({ B: Buffer.from(bytes).toString('base64') })),
});

describe('the computed DynamoDB capacity', () => {
  let engine: DynamoDbEngine;
  const ask = async (operation: string, input: Readonly<Record<string, unknown>>) =>
    withCapacity({ engine, keyNamesOf: () => ['id'] }, operation, Buffer.from(JSON.stringify(input)), () =>
      engine.call(operation, JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' })),
    );
  const consumed = (body: string): number | undefined =>
    (JSON.parse(body) as { readonly ConsumedCapacity?: { readonly CapacityUnits: number } }).ConsumedCapacity
      ?.CapacityUnits;

  beforeAll(async () => {
    engine = DynamoDbEngine.open(undefined);
    await engine.call(
      'CreateTable',
      JSON.stringify({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
    while (!(await engine.call('DescribeTable', JSON.stringify({ TableName: table }))).body.includes('ACTIVE'))
      await setImmediate();
  });
  afterAll(async () => {
    await engine.close();
  });

  test('equals what dynalite reports', async () => {
    await fc.assert(
      fc.asyncProperty(row, row, async (first, second) => {
        for (const item of [first, { ...second, id: first['id'] ?? { S: '' } }]) {
          const put = await ask('PutItem', { TableName: table, Item: item });
          expect(put.capacity.writeUnits).toBe(consumed(put.answer.body));
        }
        const get = await ask('GetItem', { TableName: table, Key: { id: first['id'] }, ConsistentRead: true });
        expect(get.capacity.readUnits).toBe(consumed(get.answer.body));
        const deleted = await ask('DeleteItem', { TableName: table, Key: { id: first['id'] } });
        expect(deleted.capacity.writeUnits).toBe(consumed(deleted.answer.body));
      }),
      { numRuns: 50 },
    );
  });

  test('of a failed condition is that of the row that exists', async () => {
    const item = { id: { S: 'taken' }, card: { S: 'x'.repeat(2500) } };
    await ask('PutItem', { TableName: table, Item: item });
    const { answer, capacity } = await ask('PutItem', {
      TableName: table,
      Item: { id: { S: 'taken' } },
      ConditionExpression: 'attribute_not_exists(id)',
    });
    expect([answer.status, capacity.writeUnits]).toEqual([400, 3]);
  });

  test('of a call that is rejected for any other reason is zero', async () => {
    const { capacity } = await ask('PutItem', {
      TableName: table,
      Item: { id: { S: 'new' } },
      ConditionExpression: 'nonsense (',
    });
    expect(capacity).toEqual({ readUnits: 0, writeUnits: 0 });
  });

  test('is counted by bytes, not by characters', () => {
    expect(sizeOf({ id: { S: 'Zoë' } })).toBe(2 + 4);
    expect(sizeOf({ feeds: { L: [{ S: 'latest' }] } })).toBe(5 + 3 + 1 + 6);
  });

  test('rounds up once for all items of a read, and for each item of a write', () => {
    const kilobyte: Item = { id: { S: 'x'.repeat(1022) } };
    expect(readUnitsOf([kilobyte, kilobyte, kilobyte, kilobyte, kilobyte], true)).toBe(2);
    expect(readUnitsOf([], false)).toBe(0.5);
    expect([writeUnitsOf(kilobyte), writeUnitsOf({ id: { S: 'x'.repeat(1023) } }), writeUnitsOf(undefined)]).toEqual([
      1, 2, 1,
    ]);
  });
});
