import { AwsError } from '../aws-error.ts';
import type { DynamoDbEngine, EngineAnswer, Item } from './dynamodb-engine.ts';
import type { Fields } from '../fields.ts';
import { inputOf } from '../wire.ts';

/** The request units that DynamoDB bills. */
export interface Capacity {
  readonly readUnits: number;
  readonly writeUnits: number;
}

const writeUnitBytes = 1024;
const readUnitBytes = 4096;

/** An item's size as DynamoDB reckons it: every name and every value. */
export function sizeOf(item: Item): number {
  return Object.entries(item).reduce((bytes, [name, value]) => bytes + Buffer.byteLength(name) + sizeOfValue(value), 0);
}

/** Of a write that puts one state in another's place, whether it was done or its condition failed: the larger of the two counts. */
export function writeUnitsOf(...states: readonly (Item | undefined)[]): number {
  return Math.max(1, ...states.map((state) => (state === undefined ? 0 : Math.ceil(sizeOf(state) / writeUnitBytes))));
}

/** Units of one read. A Query rounds up once for all its items; a GetItem without a result costs one unit. */
export function readUnitsOf(items: readonly Item[], isConsistent: boolean): number {
  const bytes = items.reduce((sum, item) => sum + sizeOf(item), 0);
  return Math.max(1, Math.ceil(bytes / readUnitBytes)) * (isConsistent ? 1 : 0.5);
}

function sizeOfValue(value: Readonly<Record<string, unknown>>): number {
  const [type, held] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'S':
      return Buffer.byteLength(held as string);
    case 'B':
      return Buffer.byteLength(held as string, 'base64');
    case 'N':
      return sizeOfNumber(held as string);
    case 'SS':
      return (held as readonly string[]).reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'L':
      return (
        3 +
        (held as readonly Readonly<Record<string, unknown>>[]).reduce(
          (bytes, element) => bytes + 1 + sizeOfValue(element),
          0,
        )
      );
    case 'M':
      return 3 + Object.values(held as Item).length + sizeOf(held as Item);
    default:
      throw new Error(`how large a ${type ?? 'value without a type'} is was never needed: say so here`);
  }
}

/** About a byte for two significant digits, and one more. */
function sizeOfNumber(text: string): number {
  const digits = text.replace(/^-/, '').replace(/^0+|\.|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

/**
 * Makes a call and returns its billing units. DynamoDB's own answer has them only on request, and not for a failed
 * condition.
 */
export async function withCapacity(
  {
    engine,
    keyNamesOf,
  }: { readonly engine: DynamoDbEngine; readonly keyNamesOf: (table: string) => readonly string[] },
  operation: string,
  body: Buffer,
  call: () => Promise<EngineAnswer>,
): Promise<{ readonly answer: EngineAnswer; readonly capacity: Capacity; readonly partition?: string }> {
  const input = inputOf(body);
  const nothing: Capacity = { readUnits: 0, writeUnits: 0 };
  switch (operation) {
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem': {
      const table = input.text('TableName');
      const item = input.optionalFields('Item')?.record as Item | undefined;
      const named = item ?? (input.fields('Key').record as Item);
      const key = Object.fromEntries(keyNamesOf(table).flatMap((name) => (named[name] ? [[name, named[name]]] : [])));
      const before = await engine.item(table, key);
      const answer = await call();
      const isRejected = answer.status !== 200;
      if (isRejected && !answer.body.includes('ConditionalCheckFailedException')) return { answer, capacity: nothing };
      const after = isRejected ? undefined : (item ?? (await engine.item(table, key)));
      return {
        answer,
        capacity: { readUnits: 0, writeUnits: writeUnitsOf(before, after) },
        partition: String(Object.values(key[keyNamesOf(table)[0] ?? ''] ?? {})[0]),
      };
    }
    case 'GetItem':
    case 'Query':
    case 'Scan': {
      const answer = await call();
      if (answer.status !== 200) return { answer, capacity: nothing };
      return {
        answer,
        capacity: {
          readUnits: readUnitsOf(itemsIn(inputOf(answer.body)), input.flag('ConsistentRead')),
          writeUnits: 0,
        },
      };
    }
    case 'BatchGetItem':
    case 'BatchWriteItem':
      throw new AwsError('UnknownOperationException', `what ${operation} costs was never needed: teach capacity.ts`);
    default:
      return { answer: await call(), capacity: nothing };
  }
}

function itemsIn(answer: Fields): readonly Item[] {
  const item = answer.optionalFields('Item');
  return item ? [item.record as Item] : (answer.list('Items') as readonly Item[]);
}
