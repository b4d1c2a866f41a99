import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';

/** Works on every message of a batch; those that failed come back alone (ReportBatchItemFailures). */
export async function eachMessage(records: readonly SQSRecord[], work: (record: SQSRecord) => Promise<void>): Promise<SQSBatchResponse> {
  const outcomes = await Promise.allSettled(records.map(work));
  return {
    batchItemFailures: outcomes.flatMap((outcome, index) => {
      const record = records[index];
      if (outcome.status === 'fulfilled' || !record) return [];
      logFailure(outcome.reason, { messageId: record.messageId });
      return [{ itemIdentifier: record.messageId }];
    }),
  };
}

/** One JSON line for whoever reads the log: which message, what went wrong; never its content. */
export function logFailure(error: unknown, about: Record<string, string>): void {
  const failure = error instanceof Error ? { error: error.name, message: error.message, stack: error.stack } : { error: String(error) };
  console.error(JSON.stringify({ level: 'ERROR', ...about, ...failure }));
}
