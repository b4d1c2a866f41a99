import type { DynamoDbEngine, EngineAnswer, Item } from './dynamodb-engine.ts';
import { AwsError } from '../aws-error.ts';
import { withCapacity } from './capacity.ts';
import type { Fields } from '../fields.ts';
import type { Observations } from '../observations.ts';
import { PartitionLimits } from './partition-limits.ts';
import type { TableStream } from './table-stream.ts';
import type { Resource } from '../cloudformation/template.ts';
import { inputOf } from '../wire.ts';

export interface SourceTable {
  readonly name: string;
  readonly keyNames: readonly string[];
  readonly stream?: TableStream;
  readonly streamSpecification?: unknown;
  /** The TTL attribute. A laptop deletes nothing; AWS may take days, too. */
  readonly expiryAttribute?: string;
}

interface Write {
  readonly table: SourceTable;
  readonly key: Item;
}

const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

/** Passes calls to the engine, and feeds the streams of tables from the writes that it sees. */
export class DynamoDbEndpoint {
  readonly #engine: DynamoDbEngine;
  readonly #tables: ReadonlyMap<string, SourceTable>;
  /** A request whose text has none of these names is not parsed. */
  readonly #streamedNames: readonly string[];
  readonly #observations: Observations;
  readonly #limits: PartitionLimits;
  readonly #busy = new Map<string, Promise<void>>();

  constructor(engine: DynamoDbEngine, tables: Iterable<SourceTable>, observations: Observations) {
    this.#engine = engine;
    this.#tables = new Map(Array.from(tables, (table) => [table.name, table]));
    this.#streamedNames = [...this.#tables.values()].filter(({ stream }) => stream).map(({ name }) => name);
    this.#observations = observations;
    this.#limits = new PartitionLimits(
      new Map(
        [...this.#tables.values()].flatMap(({ name, keyNames: [key] }) => (key === undefined ? [] : [[name, key]])),
      ),
    );
  }

  async call(operation: string, body: Buffer): Promise<EngineAnswer> {
    if (writes.has(operation)) return this.#write(operation, body);
    switch (operation) {
      case 'DescribeTable':
        return this.#describeTable(body);
      case 'DescribeTimeToLive':
        return answer({ TimeToLiveDescription: this.#timeToLive(body) });
      case 'UpdateTimeToLive':
        throw new AwsError(
          'ValidationException',
          'a table has the time to live that the CDK app gives it: change it there',
        );
      case 'TransactWriteItems':
      case 'TransactGetItems':
        throw new AwsError(
          'UnknownOperationException',
          `DynamoDB on this laptop has no ${operation}: dynalite, which stands in for it, has no transactions`,
        );
      default:
        return this.#engine.call(operation, body, this.#limits);
    }
  }

  /** Like `call`, with the billing units. */
  async callMetered(operation: string, body: Buffer): ReturnType<typeof withCapacity> {
    const keyNamesOf = (table: string): readonly string[] => this.#tables.get(table)?.keyNames ?? [];
    return withCapacity({ engine: this.#engine, keyNamesOf }, operation, body, () => this.call(operation, body));
  }

  async #write(operation: string, body: Buffer): Promise<EngineAnswer> {
    const written =
      this.#observations.wanted || this.#streamedNames.some((name) => body.includes(name))
        ? this.#writesIn(operation, body)
        : [];
    const streamed = written.filter(({ table, key }) => table.stream?.concerns(key));
    const result =
      streamed.length === 0
        ? await this.#engine.call(operation, body, this.#limits)
        : await this.#exclusively(streamed, () => this.#writeStreamed(operation, body, streamed));
    if (result.status === 200 && this.#observations.wanted) {
      for (const { table, key } of written)
        this.#observations.notify({ kind: 'table-write', table: table.name, key: plain(key), at: Date.now() });
    }
    return result;
  }

  async #writeStreamed(operation: string, body: Buffer, streamed: readonly Write[]): Promise<EngineAnswer> {
    const intents = await Promise.all(
      streamed.map(async ({ table, key }) => table.stream?.intend(key, await this.#engine.item(table.name, key))),
    );
    const result = await this.#engine.call(operation, body, this.#limits);
    await Promise.all(
      streamed.map(async ({ table, key }, index) => {
        const intent = intents[index];
        if (intent !== undefined) table.stream?.finish(intent, await this.#engine.item(table.name, key));
      }),
    );
    return result;
  }

  /** A row has one writer at a time, or the image read before a write might not be the one written over. */
  async #exclusively<T>(rows: readonly Write[], work: () => Promise<T>): Promise<T> {
    const names = rows.map(({ table, key }) => `${table.name} ${JSON.stringify(key)}`);
    const before = names.map((name) => this.#busy.get(name));
    // All names are taken in one turn of the event loop, so that two batches cannot wait for each other.
    const { promise: mine, resolve: free } = Promise.withResolvers<undefined>();
    for (const name of names) this.#busy.set(name, mine);
    await Promise.all(before.map((turn) => turn ?? Promise.resolve()));
    try {
      return await work();
    } finally {
      free(undefined);
      for (const name of names) if (this.#busy.get(name) === mine) this.#busy.delete(name);
    }
  }

  /** The rows that a well-formed request writes. The engine rejects others. */
  #writesIn(operation: string, body: Buffer): readonly Write[] {
    try {
      const input = inputOf(body);
      if (operation !== 'BatchWriteItem')
        return this.#writeTo(input.text('TableName'), input, operation === 'PutItem' ? 'Item' : 'Key');
      const tables = input.fields('RequestItems');
      return Object.keys(tables.record).flatMap((name) =>
        tables
          .fieldsList(name)
          .flatMap((request) =>
            request.has('PutRequest')
              ? this.#writeTo(name, request.fields('PutRequest'), 'Item')
              : this.#writeTo(name, request.fields('DeleteRequest'), 'Key'),
          ),
      );
    } catch (error) {
      if (error instanceof AwsError) return [];
      throw error;
    }
  }

  #writeTo(tableName: string, input: Fields, holder: 'Item' | 'Key'): readonly Write[] {
    const table = this.#tables.get(tableName.slice(tableName.lastIndexOf('/') + 1));
    if (!table) return [];
    const attributes = input.fields(holder);
    const key = Object.fromEntries(table.keyNames.map((name) => [name, attributes.fields(name).record])) as Item;
    return [{ table, key }];
  }

  async #describeTable(body: Buffer): Promise<EngineAnswer> {
    const result = await this.#engine.call('DescribeTable', body);
    const table = this.#tables.get(inputOf(body).text('TableName'));
    if (result.status !== 200 || !table?.stream) return result;
    const description = inputOf(result.body).fields('Table').record;
    return answer({
      Table: { ...description, StreamSpecification: table.streamSpecification, LatestStreamArn: table.stream.arn },
    });
  }

  #timeToLive(body: Buffer): Readonly<Record<string, string>> {
    const name = inputOf(body).text('TableName');
    const table = this.#tables.get(name);
    if (!table)
      throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
    return table.expiryAttribute === undefined
      ? { TimeToLiveStatus: 'DISABLED' }
      : { TimeToLiveStatus: 'ENABLED', AttributeName: table.expiryAttribute };
  }
}

function answer(body: unknown): EngineAnswer {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(body) };
}

function plain(key: Item): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(key).map(([name, value]) => [name, Object.values(value)[0]]));
}

/** Makes the table as the template has it, unless an earlier process did. */
export async function createTable(engine: DynamoDbEngine, { logicalId, name, properties }: Resource): Promise<void> {
  const existing = await engine.call('DescribeTable', JSON.stringify({ TableName: name }));
  if (existing.status === 200) {
    const before = JSON.stringify(inputOf(existing.body).fields('Table').record['KeySchema']);
    if (before !== JSON.stringify(properties.record['KeySchema'])) {
      throw new Error(`${logicalId}: the data directory holds ${name} with other keys; start with another directory`);
    }
    return;
  }
  const global = properties.list('GlobalSecondaryIndexes');
  const local = properties.list('LocalSecondaryIndexes');
  const { status, body } = await engine.call(
    'CreateTable',
    JSON.stringify({
      TableName: name,
      KeySchema: properties.record['KeySchema'],
      AttributeDefinitions: properties.record['AttributeDefinitions'],
      // A laptop has no capacity to provision.
      BillingMode: 'PAY_PER_REQUEST',
      ...(global.length > 0 && {
        GlobalSecondaryIndexes: properties.fieldsList('GlobalSecondaryIndexes').map(({ record }) => ({
          IndexName: record['IndexName'],
          KeySchema: record['KeySchema'],
          Projection: record['Projection'],
        })),
      }),
      ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    }),
  );
  if (status !== 200) throw new Error(`${logicalId} cannot be made: ${body}`);
  // Even a table that takes no time to make is not there in the same turn of the event loop.
  while (
    inputOf((await engine.call('DescribeTable', JSON.stringify({ TableName: name }))).body)
      .fields('Table')
      .text('TableStatus') !== 'ACTIVE'
  ) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
