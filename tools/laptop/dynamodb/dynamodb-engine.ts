import { createRequire } from 'node:module';
import { crc32 } from 'node:zlib';
import type { Act, Refusal, Store, Validation, Validations } from 'dynalite';
import { AwsError } from '../aws-error.ts';
import type { PartitionLimits } from './partition-limits.ts';

export interface EngineAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A table's row in DynamoDB's JSON. */
export type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Behind {
  readonly answer: (operation: string, body: Buffer | string, limits?: PartitionLimits) => Promise<EngineAnswer>;
  readonly close: () => Promise<void>;
}

/** The database of the tables: dynalite in this process, or a DynamoDB at an address. */
export class DynamoDbEngine {
  readonly #behind: Behind;
  readonly #underWay = new Set<Promise<EngineAnswer>>();
  #closed = false;

  private constructor(behind: Behind) {
    this.#behind = behind;
  }

  static open(directory: string | undefined): DynamoDbEngine {
    return new DynamoDbEngine(openDynalite(directory));
  }

  static at(url: string): DynamoDbEngine {
    return new DynamoDbEngine({
      answer: async (operation, body) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: { ...signature, 'content-type': json, 'x-amz-target': `DynamoDB_20120810.${operation}` },
          body: typeof body === 'string' ? body : new Uint8Array(body),
        });
        return { status: response.status, headers: { 'content-type': json }, body: await response.text() };
      },
      close: () => Promise.resolve(),
    });
  }

  /** `limits` are enforced by dynalite in this process only. */
  async call(operation: string, body: Buffer | string, limits?: PartitionLimits): Promise<EngineAnswer> {
    if (this.#closed) throw new AwsError('ServiceUnavailable', 'the stack is stopping', 503);
    const answer = this.#behind.answer(operation, body, limits);
    this.#underWay.add(answer);
    try {
      return await answer;
    } finally {
      this.#underWay.delete(answer);
    }
  }

  async item(table: string, key: Item): Promise<Item | undefined> {
    const answer = await this.call('GetItem', JSON.stringify({ TableName: table, Key: key, ConsistentRead: true }));
    if (answer.status !== 200) throw new Error(`cannot read ${table}: ${answer.body}`);
    return (JSON.parse(answer.body) as { readonly Item?: Item }).Item;
  }

  async close(): Promise<void> {
    this.#closed = true;
    // dynalite takes the whole process down when its database closes under a request.
    await Promise.allSettled(this.#underWay);
    await this.#behind.close();
  }
}

const json = 'application/x-amz-json-1.0';

/** AWS's own DynamoDB Local looks for a signature, though it does not check it. */
const signature = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local',
  'x-amz-date': '20260101T000000Z',
};

const operations = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
];

/** dynalite in this process, without the server around it: a call through that costs twice as much. */
function openDynalite(directory: string | undefined): Behind {
  const require = createRequire(import.meta.url);
  const { create } = require('dynalite/db') as { readonly create: (options: object) => Store };
  const validations = require('dynalite/validations') as Validations;
  const store = create({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(directory !== undefined && { path: directory }),
  });
  closeIterators(store);
  const known = new Map(
    operations.map((operation) => {
      const name = operation.slice(0, 1).toLowerCase() + operation.slice(1);
      return [
        operation,
        {
          validation: require(`dynalite/validations/${name}`) as Validation,
          act: require(`dynalite/actions/${name}`) as Act,
        },
      ];
    }),
  );
  const refused = (type: string): EngineAnswer => answerOf(400, { __type: `com.amazon.coral.service#${type}` });
  return {
    answer: (operation, body, limits) =>
      new Promise((resolve, reject) => {
        const called = known.get(operation);
        const input = parsed(body);
        if (!called || input === undefined) {
          resolve(refused(called ? 'SerializationException' : 'UnknownOperationException'));
          return;
        }
        const fail = (error: Error & Partial<Refusal>): void => {
          if (error.statusCode === undefined) reject(error);
          else resolve(answerOf(error.statusCode, error.body));
        };
        try {
          const { types, custom } = called.validation;
          const checked = validations.checkTypes(input, types);
          validations.checkValidations(checked, types, custom, store);
          const limit = limits?.of(operation, checked);
          const refusal = limit?.refusal();
          if (refusal) {
            resolve(answerOf(400, refusal));
            return;
          }
          const isAsked = (checked.ReturnConsumedCapacity ?? 'NONE') !== 'NONE';
          if (limit && !isAsked) checked.ReturnConsumedCapacity = 'TOTAL';
          called.act(store, checked, (error, output) => {
            // A failed condition costs at least one unit.
            limit?.charge(output?.ConsumedCapacity?.CapacityUnits ?? 1);
            if (error) fail(error);
            else resolve(answerOf(200, limit && !isAsked ? { ...output, ConsumedCapacity: undefined } : output));
          });
        } catch (error) {
          fail(error as Error & Partial<Refusal>);
        }
      }),
    close: () =>
      new Promise<void>((resolve, reject) => {
        store.lifecycleManager.gracefulClose((error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}

/**
 * dynalite closes its iterators by `return`, which its database's iterators do not have: each would stay open and keep
 * its memory.
 */
function closeIterators({ db }: Store): void {
  for (const kind of ['keys', 'values'] as const) {
    const open = db[kind].bind(db);
    db[kind] = (options) => {
      const iterator = open(options);
      return Object.assign(iterator, { return: () => iterator.close() });
    };
  }
}

function parsed(body: Buffer | string): object | undefined {
  try {
    const input: unknown = JSON.parse(body.toString());
    return typeof input === 'object' && input !== null ? input : undefined;
  } catch {
    return undefined;
  }
}

/** The checksum tells the AWS CLI that the answer is complete. */
function answerOf(status: number, output: unknown): EngineAnswer {
  const body = JSON.stringify(output);
  return { status, headers: { 'content-type': json, 'x-amz-crc32': String(crc32(body)) }, body };
}
