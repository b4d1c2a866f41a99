import type { Seen } from '../consumer/consume.ts';
import { DynamoDbSeen } from './dynamodb-seen.ts';
import { documentClient, Table } from './table.ts';

/**
 * Keeps what a consumer has handled in a DynamoDB table with the partition key `key` (text) and TTL on `expiresAt`.
 * Region and credentials come from the environment; the role needs `dynamodb:GetItem` and `dynamodb:PutItem`.
 */
export function dynamoDbSeen(tableName: string): Seen {
  return new DynamoDbSeen(new Table(documentClient(), tableName), { now: Date.now });
}
