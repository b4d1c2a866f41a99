import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { correlationIdIn } from '../correlation.ts';
import { correlated, logFailure, logInfo } from './log.ts';

/**
 * Works on every message of a batch; those that failed come back alone (ReportBatchItemFailures), and so do those that are not done
 * after `milliseconds`: when the function itself runs out of time, the whole batch comes back.
 */
export async function eachMessage(
  records: readonly SQSRecord[],
  work: (record: SQSRecord) => Promise<void>,
  milliseconds?: number,
): Promise<SQSBatchResponse> {
  const late = Promise.withResolvers<never>();
  const timer = milliseconds === undefined ? undefined : setTimeout(() => { late.reject(new Error('not done in time: it is delivered again')); }, milliseconds);
  try {
    const failed = await Promise.all(
      records.map(async (record) => correlated(correlationIdIn(record.body), async () => failureOf(record, async () => Promise.race([work(record), late.promise])))),
    );
    return { batchItemFailures: failed.flat() };
  } finally {
    clearTimeout(timer);
  }
}

async function failureOf({ messageId }: SQSRecord, work: () => Promise<void>): Promise<SQSBatchResponse['batchItemFailures']> {
  try {
    await work();
    logInfo('done', { messageId });
    return [];
  } catch (error) {
    logFailure(error, { messageId });
    return [{ itemIdentifier: messageId }];
  }
}
