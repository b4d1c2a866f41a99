import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Row } from './rows.ts';

/** One row by its whole key, strongly consistent. */
export async function getRow(dynamoDb: DynamoDBClient, table: string, key: Row): Promise<Row | undefined> {
  const { Item } = await dynamoDb.send(new GetItemCommand({ TableName: table, ConsistentRead: true, Key: key }));
  return Item;
}

/** On what a row may be written: an expression, and what its placeholders stand for. */
export interface Condition {
  readonly expression: string;
  readonly values?: Row;
  readonly names?: Readonly<Record<string, string>>;
}

/** Whether the row was written: a condition that does not hold is an answer, no error. */
export async function putIf(dynamoDb: DynamoDBClient, table: string, row: Row, { expression, values, names }: Condition): Promise<boolean> {
  try {
    await dynamoDb.send(
      new PutItemCommand({
        TableName: table,
        Item: row,
        ConditionExpression: expression,
        ...(values && { ExpressionAttributeValues: values }),
        ...(names && { ExpressionAttributeNames: names }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Only where no row has this attribute. */
export function absent(attribute: string): Condition {
  return { expression: `attribute_not_exists(${attribute})` };
}

/** Only where a row stands as it was read. */
export function unchanged(attribute: string, read: number): Condition {
  return { expression: `${attribute} = :read`, values: { ':read': { N: String(read) } } };
}
