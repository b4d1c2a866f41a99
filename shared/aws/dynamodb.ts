import type {
  AttributeValue,
  DeleteItemCommandInput,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { AwsClient } from './aws-client.ts';

type Row = Record<string, AttributeValue>;

export interface RowPage {
  readonly rows: Row[];
  readonly next: Row | undefined;
}

/** The shape that rows are written in. One without it is older, and is read as long as there is one: `test/fixtures/rows` has some of each. */
const schema = { N: '1' };

/** DynamoDB's operations on rows, with the shapes of AWS's own client. */
export class DynamoDb {
  readonly #aws: AwsClient;

  constructor(aws: AwsClient) {
    this.#aws = aws;
  }

  async getItem(input: GetItemCommandInput): Promise<Row | undefined> {
    const { Item } = (await this.#call('GetItem', input)) as { readonly Item?: Row };
    return Item && withBinary(Item);
  }

  async putItem(input: PutItemCommandInput): Promise<void> {
    await this.#call('PutItem', { ...input, Item: { ...(input.Item && overTheWire(input.Item)), schema } });
  }

  /** Resolves with what `ReturnValues` asked for. A row that stood keeps the number it has: what is not updated was written in that shape. */
  async updateItem({ UpdateExpression = '', ...input }: UpdateItemCommandInput): Promise<Row> {
    const numbered = {
      ...input,
      // Each kind of clause may come once.
      UpdateExpression: `SET #schema = if_not_exists(#schema, :schema)${UpdateExpression.startsWith('SET ') ? ',' : ' '}${UpdateExpression.replace(/^SET/, '')}`,
      ExpressionAttributeNames: { ...input.ExpressionAttributeNames, '#schema': 'schema' },
      ExpressionAttributeValues: overTheWire({ ...input.ExpressionAttributeValues, ':schema': schema }),
    };
    const { Attributes = {} } = (await this.#call('UpdateItem', numbered)) as { readonly Attributes?: Row };
    return withBinary(Attributes);
  }

  async deleteItem(input: DeleteItemCommandInput): Promise<void> {
    await this.#call('DeleteItem', input);
  }

  async query(input: QueryCommandInput): Promise<RowPage> {
    return pageIn(await this.#call('Query', input));
  }

  async scan(input: ScanCommandInput): Promise<RowPage> {
    return pageIn(await this.#call('Scan', input));
  }

  async #call(operation: string, input: object): Promise<unknown> {
    return this.#aws.json('dynamodb', `DynamoDB_20120810.${operation}`, input, '1.0');
  }
}

function pageIn(answer: unknown): RowPage {
  const { Items = [], LastEvaluatedKey } = answer as { readonly Items?: readonly Row[]; readonly LastEvaluatedKey?: Row };
  return { rows: Items.map(withBinary), next: LastEvaluatedKey };
}

/** What DynamoDB calls B is base64 there. */
function overTheWire(row: Row): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') }]));
}

/** And back. */
function withBinary(row: Row): Row {
  for (const [name, value] of Object.entries(row)) {
    const held: unknown = value.B;
    if (typeof held === 'string') row[name] = { B: Buffer.from(held, 'base64') };
  }
  return row;
}
