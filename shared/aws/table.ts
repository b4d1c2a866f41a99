import { ConditionalCheckFailedException, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
  type NativeAttributeValue,
  type QueryCommandInput,
  type ScanCommandInput,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { clientSettings } from './clients.ts';
import type { RowKind } from './row-kind.ts';

/** A row as a plain object; an attribute that is undefined is not written. */
export type Row = Record<string, NativeAttributeValue>;

export interface RowPage {
  readonly rows: readonly Row[];
  /** The key to continue after; undefined on the last page. */
  readonly next: Row | undefined;
}

/** A condition of a write: an expression, and the values and names of its placeholders. */
export interface Condition {
  readonly expression: string;
  readonly values?: Row;
  readonly names?: Readonly<Record<string, string>>;
}

/**
 * The schema number of the rows written. Older rows have a lower one or none; `test/fixtures/rows` has examples of
 * each.
 */
const schema = 1;

/** An update of one row. `type` is the kind of a row that the update may create. */
export interface RowUpdate extends Omit<UpdateCommandInput, 'TableName'> {
  readonly type?: RowKind;
}

/** Returns a DynamoDB client that reads and writes rows as plain objects. Undefined attributes are not written. */
export function documentClient(settings: DynamoDBClientConfig = clientSettings()): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(settings), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/** Access to one DynamoDB table. */
export class Table {
  readonly #client: DynamoDBDocumentClient;
  readonly #name: string;

  constructor(client: DynamoDBDocumentClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /** Reads one row by its whole key, strongly consistent. */
  async get(key: Row): Promise<Row | undefined> {
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#name, ConsistentRead: true, Key: key }));
    return Item;
  }

  async put(row: Row): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#name, Item: { ...row, schema } }));
  }

  /** Writes the row if the condition holds. Returns false if it does not. */
  async putIf(row: Row, { expression, values, names }: Condition): Promise<boolean> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#name,
          Item: { ...row, schema },
          ConditionExpression: expression,
          ...(values && { ExpressionAttributeValues: values }),
          ...(names && { ExpressionAttributeNames: { ...names } }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  /**
   * Updates one row and returns the attributes that `ReturnValues` names. An existing row keeps its schema number,
   * since the attributes that are not updated were written in that shape.
   */
  async update({ UpdateExpression = '', type, ...input }: RowUpdate): Promise<Row> {
    const { Attributes = {} } = await this.#client.send(
      new UpdateCommand({
        ...input,
        TableName: this.#name,
        // DynamoDB allows each kind of clause once.
        UpdateExpression: `SET #schema = if_not_exists(#schema, :schema)${type === undefined ? '' : ', #type = :type'}${UpdateExpression.startsWith('SET ') ? ',' : ' '}${UpdateExpression.replace(/^SET/, '')}`,
        ExpressionAttributeNames: {
          ...input.ExpressionAttributeNames,
          '#schema': 'schema',
          ...(type !== undefined && { '#type': 'type' }),
        },
        ExpressionAttributeValues: {
          ...input.ExpressionAttributeValues,
          ':schema': schema,
          ...(type !== undefined && { ':type': type }),
        },
      }),
    );
    return Attributes;
  }

  async delete(key: Row): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#name, Key: key }));
  }

  /** Returns one page of a query. */
  async query(input: Omit<QueryCommandInput, 'TableName'>): Promise<RowPage> {
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({ ...input, TableName: this.#name }),
    );
    return { rows: Items, next: LastEvaluatedKey };
  }

  /** Returns one page of a scan. */
  async scan(input: Omit<ScanCommandInput, 'TableName'>): Promise<RowPage> {
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new ScanCommand({ ...input, TableName: this.#name }),
    );
    return { rows: Items, next: LastEvaluatedKey };
  }
}

/** Returns the condition that no row has this attribute. */
export function absent(attribute: string): Condition {
  return { expression: `attribute_not_exists(${attribute})` };
}

/** Returns the condition that the attribute still has the value that was read. */
export function unchanged(attribute: string, read: number): Condition {
  return { expression: `${attribute} = :read`, values: { ':read': read } };
}
