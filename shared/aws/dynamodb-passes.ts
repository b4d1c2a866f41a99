import type { SQSClient } from '@aws-sdk/client-sqs';
import { passRecordSeconds, type Pass } from '../pass.ts';
import type { Passes } from '../ports.ts';
import { textOf } from './rows.ts';
import { sendMessage } from './sqs.ts';
import { absent, unchanged, type Table } from './table.ts';

/** Passes in the articles table, and the queue that carries them from one invocation to the next. */
export class DynamoDbPasses implements Passes {
  readonly #table: Table;
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;

  constructor(table: Table, sqs: SQSClient, queueUrl: string) {
    this.#table = table;
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
  }

  async read(passId: string): Promise<Pass | undefined> {
    return readPass(this.#table, passId);
  }

  async write(pass: Pass, previousStep: number | undefined): Promise<boolean> {
    return this.#table.putIf(
      {
        ...keyOf(pass.passId),
        step: pass.step,
        pass: JSON.stringify(pass),
        expiresAt: Math.ceil(pass.startedAt / 1000) + passRecordSeconds,
      },
      previousStep === undefined ? absent('sk') : unchanged('step', previousStep),
    );
  }

  async goOn(passId: string): Promise<void> {
    await sendMessage(this.#sqs, this.#queueUrl, JSON.stringify({ passId }));
  }
}

/** The record of a pass, for whoever waits for it. */
export async function readPass(table: Table, passId: string): Promise<Pass | undefined> {
  const row = await table.get(keyOf(passId));
  // Written by this adapter, so its shape is known.
  return row && (JSON.parse(textOf(row, 'pass')) as Pass);
}

function keyOf(passId: string): { articleId: string; sk: string } {
  return { articleId: `pass#${passId}`, sk: 'pass' };
}
