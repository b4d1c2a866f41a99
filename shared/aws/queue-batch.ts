import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { correlationIdIn } from '../correlation.ts';
import { correlated, logFailure, logInfo } from './log.ts';

/** Works on every message of a batch; those that failed come back alone (ReportBatchItemFailures). */
export async function eachMessage(records: readonly SQSRecord[], work: (record: SQSRecord) => Promise<void>): Promise<SQSBatchResponse> {
  const failed = await Promise.all(records.map(async (record) => correlated(correlationIdIn(record.body), async () => failureOf(record, work))));
  return { batchItemFailures: failed.flat() };
}

async function failureOf(record: SQSRecord, work: (record: SQSRecord) => Promise<void>): Promise<SQSBatchResponse['batchItemFailures']> {
  const { messageId } = record;
  try {
    await work(record);
    logInfo('done', { messageId });
    return [];
  } catch (error) {
    logFailure(error, { messageId });
    return [{ itemIdentifier: messageId }];
  }
}
