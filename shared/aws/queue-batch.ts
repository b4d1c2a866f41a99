import type { Context, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { correlationIdIn } from '../correlation.ts';
import { correlated, logFailure, logInfo } from './log.ts';

/** Kept of a function's time to answer in, so that what was done is acknowledged. */
export const answeringMilliseconds = 500;

/**
 * Works on every message of a batch; those that failed come back alone (ReportBatchItemFailures), and so do those that are not done
 * shortly before the function's own time ends: else the whole batch would come back.
 */
export async function eachMessage(
  records: readonly SQSRecord[],
  work: (record: SQSRecord) => Promise<void>,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SQSBatchResponse> {
  const late = Promise.withResolvers<never>();
  const milliseconds = context.getRemainingTimeInMillis() - answeringMilliseconds;
  const timer = setTimeout(() => { late.reject(new Error('not done in time: it is delivered again')); }, milliseconds);
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
