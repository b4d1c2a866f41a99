import { passRecordSeconds, type Pass } from '../pass.ts';
import type { Passes } from '../ports.ts';
import type { AwsClient } from './aws-client.ts';
import type { DynamoDb } from './dynamodb.ts';
import { textOf } from './rows.ts';
import { sendMessage } from './sqs.ts';
import { absent, getRow, putIf, unchanged } from './table.ts';

/** Passes in the articles table, and the queue that carries them from one invocation to the next. */
export class DynamoDbPasses implements Passes {
  readonly #dynamoDb: DynamoDb;
  readonly #table: string;
  readonly #aws: AwsClient;
  readonly #queueUrl: string;

  constructor(dynamoDb: DynamoDb, table: string, aws: AwsClient, queueUrl: string) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
    this.#aws = aws;
    this.#queueUrl = queueUrl;
  }

  async read(passId: string): Promise<Pass | undefined> {
    return readPass(this.#dynamoDb, this.#table, passId);
  }

  async write(pass: Pass, previousStep: number | undefined): Promise<boolean> {
    return putIf(
      this.#dynamoDb,
      this.#table,
      {
        ...keyOf(pass.passId),
        step: { N: String(pass.step) },
        pass: { S: JSON.stringify(pass) },
        expiresAt: { N: String(Math.ceil(pass.startedAt / 1000) + passRecordSeconds) },
      },
      previousStep === undefined ? absent('sk') : unchanged('step', previousStep),
    );
  }

  async goOn(passId: string): Promise<void> {
    await sendMessage(this.#aws, this.#queueUrl, JSON.stringify({ passId }));
  }
}

/** The record of a pass, for whoever waits for it. */
export async function readPass(dynamoDb: DynamoDb, table: string, passId: string): Promise<Pass | undefined> {
  const row = await getRow(dynamoDb, table, keyOf(passId));
  // Written by this adapter, so its shape is known.
  return row && (JSON.parse(textOf(row, 'pass')) as Pass);
}

function keyOf(passId: string): { articleId: { S: string }; sk: { S: string } } {
  return { articleId: { S: `pass#${passId}` }, sk: { S: 'pass' } };
}
