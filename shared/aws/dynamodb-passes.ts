import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { passRecordSeconds, type Pass } from '../pass.ts';
import type { Passes } from '../ports.ts';
import { textOf } from './rows.ts';
import { absent, getRow, putIf, unchanged } from './table.ts';

/** Passes in the articles table, and the queue that carries them from one invocation to the next. */
export class DynamoDbPasses implements Passes {
  readonly #dynamoDb: DynamoDBClient;
  readonly #table: string;
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;

  constructor(dynamoDb: DynamoDBClient, table: string, sqs: SQSClient, queueUrl: string) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
    this.#sqs = sqs;
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
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody: JSON.stringify({ passId }) }));
  }
}

/** The record of a pass, for whoever waits for it. */
export async function readPass(dynamoDb: DynamoDBClient, table: string, passId: string): Promise<Pass | undefined> {
  const row = await getRow(dynamoDb, table, keyOf(passId));
  // Written by this adapter, so its shape is known.
  return row && (JSON.parse(textOf(row, 'pass')) as Pass);
}

function keyOf(passId: string): { articleId: { S: string }; sk: { S: string } } {
  return { articleId: { S: `pass#${passId}` }, sk: { S: 'pass' } };
}
