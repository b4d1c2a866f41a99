import type { SQSClient } from '@aws-sdk/client-sqs';
import { jobRecordSeconds, type Job } from '../job.ts';
import type { Jobs } from '../job.ts';
import { textOf } from './rows.ts';
import { sendMessage } from './sqs.ts';
import type { RowKind } from './row-kind.ts';
import { absent, unchanged, type Table } from './table.ts';

/** Jobs in the articles table, and the queue by which each invocation starts the next. */
export class DynamoDbJobs implements Jobs {
  readonly #table: Table;
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;

  constructor(table: Table, sqs: SQSClient, queueUrl: string) {
    this.#table = table;
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
  }

  async read(jobId: string): Promise<Job | undefined> {
    return readJob(this.#table, jobId);
  }

  async write(job: Job, previousStep: number | undefined): Promise<boolean> {
    const expiresAt = Math.ceil(job.startedAt / 1000) + jobRecordSeconds;
    if (previousStep === undefined)
      await this.#table.put({ articleId: listPartition, sk: listKeyOf(job), type: 'job' satisfies RowKind, expiresAt });
    return this.#table.putIf(
      {
        ...keyOf(job.passId),
        type: 'job' satisfies RowKind,
        step: job.step,
        pass: JSON.stringify(job),
        expiresAt,
      },
      previousStep === undefined ? absent('sk') : unchanged('step', previousStep),
    );
  }

  async continueJob(jobId: string): Promise<void> {
    await sendMessage(this.#sqs, this.#queueUrl, JSON.stringify({ passId: jobId }));
  }
}

/** Returns the records of the latest jobs, newest first. */
export async function latestJobs(table: Table, limit: number): Promise<Job[]> {
  const { rows } = await table.query({
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: limit,
    KeyConditionExpression: 'articleId = :list',
    ExpressionAttributeValues: { ':list': listPartition },
  });
  const ids = rows.map((row) => textOf(row, 'sk').slice(startDigits + 1));
  const jobs = await Promise.all(ids.map(async (id) => readJob(table, id)));
  return jobs.flatMap((job) => job ?? []);
}

/** Returns the record of a job; undefined if there is none. */
export async function readJob(table: Table, jobId: string): Promise<Job | undefined> {
  const row = await table.get(keyOf(jobId));
  // Written by this adapter, so its shape is known.
  return row && (JSON.parse(textOf(row, 'pass')) as Job);
}

function keyOf(jobId: string): { articleId: string; sk: string } {
  return { articleId: `pass#${jobId}`, sk: 'pass' };
}

/** The partition that lists the ids of all jobs by their start. Without it, a job could be found only by its id. */
const listPartition = 'pass#all';
const startDigits = 13;

function listKeyOf({ startedAt, passId }: Job): string {
  return `${String(startedAt).padStart(startDigits, '0')}#${passId}`;
}
