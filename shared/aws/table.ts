import { AwsRefusal } from './aws-client.ts';
import type { DynamoDb } from './dynamodb.ts';
import type { Row } from './rows.ts';

/** One row by its whole key, strongly consistent. */
export async function getRow(dynamoDb: DynamoDb, table: string, key: Row): Promise<Row | undefined> {
  return dynamoDb.getItem({ TableName: table, ConsistentRead: true, Key: key });
}

/** On what a row may be written: an expression, and what its placeholders stand for. */
export interface Condition {
  readonly expression: string;
  readonly values?: Row;
  readonly names?: Readonly<Record<string, string>>;
}

/** Whether the row was written: a condition that does not hold is an answer, no error. */
export async function putIf(dynamoDb: DynamoDb, table: string, row: Row, { expression, values, names }: Condition): Promise<boolean> {
  try {
    await dynamoDb.putItem({
      TableName: table,
      Item: row,
      ConditionExpression: expression,
      ...(values && { ExpressionAttributeValues: values }),
      ...(names && { ExpressionAttributeNames: names }),
    });
    return true;
  } catch (error) {
    if (error instanceof AwsRefusal && error.code === 'ConditionalCheckFailedException') return false;
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
