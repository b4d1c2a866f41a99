import { setImmediate } from 'node:timers/promises';
import { withCapacity } from '../../laptop/dynamodb/capacity.ts';
import { DynamoDbEngine, type Item } from '../../laptop/dynamodb/dynamodb-engine.ts';

/** One table for a baseline, on the engine that the pipeline runs on, with the same meter. */
export class Rows {
  readUnits = 0;
  writeUnits = 0;
  readonly #engine: DynamoDbEngine;

  private constructor(engine: DynamoDbEngine) {
    this.#engine = engine;
  }

  static async open(): Promise<Rows> {
    const engine = DynamoDbEngine.open(undefined);
    await engine.call(
      'CreateTable',
      JSON.stringify({
        TableName: 'rows',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
    while (!(await engine.call('DescribeTable', JSON.stringify({ TableName: 'rows' }))).body.includes('ACTIVE'))
      await setImmediate();
    return new Rows(engine);
  }

  async get(key: Item): Promise<Item | undefined> {
    const { Item: item } = (await this.#call('GetItem', { Key: key, ConsistentRead: true })) as {
      readonly Item?: Item;
    };
    return item;
  }

  /** False where the condition does not hold. */
  async put(item: Item, condition?: string, values?: Item): Promise<boolean> {
    const answer = await this.#call('PutItem', {
      Item: item,
      ...(condition !== undefined && { ConditionExpression: condition }),
      ...(condition?.includes(':') === true && { ExpressionAttributeValues: values }),
    });
    return answer !== undefined;
  }

  async *scan(): AsyncGenerator<Item> {
    let start: unknown;
    do {
      const { Items = [], LastEvaluatedKey } = (await this.#call('Scan', {
        ConsistentRead: true,
        ...(start !== undefined && { ExclusiveStartKey: start }),
      })) as { readonly Items?: readonly Item[]; readonly LastEvaluatedKey?: unknown };
      yield* Items;
      start = LastEvaluatedKey;
    } while (start !== undefined);
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }

  async #call(operation: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
    const body = Buffer.from(JSON.stringify({ TableName: 'rows', ...input }));
    const { answer, capacity } = await withCapacity(
      { engine: this.#engine, keyNamesOf: () => ['id', 'sk'] },
      operation,
      body,
      () => this.#engine.call(operation, body),
    );
    this.readUnits += capacity.readUnits;
    this.writeUnits += capacity.writeUnits;
    if (answer.status === 200) return JSON.parse(answer.body);
    if (answer.body.includes('ConditionalCheckFailedException')) return undefined;
    throw new Error(answer.body);
  }
}
