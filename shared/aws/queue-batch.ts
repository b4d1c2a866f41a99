import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { correlationIdIn } from '../events/correlation.ts';
import { correlated, logFailure, logInfo } from './log.ts';

/** Logs the outcome of each message under its correlation id. */
class MessageProcessor extends BatchProcessor {
  override async processRecord(record: SQSRecord) {
    return correlated(correlationIdIn(record.body), async () => super.processRecord(record));
  }

  override successHandler(record: SQSRecord, result: unknown) {
    logInfo('done', { messageId: record.messageId });
    return super.successHandler(record, result);
  }

  override failureHandler(record: SQSRecord, error: Error) {
    logFailure(error, { messageId: record.messageId });
    return super.failureHandler(record, error);
  }
}

type Work = (record: SQSRecord, context: Context) => Promise<void>;

/** Reserved for the response, so that finished messages are acknowledged. */
export const responseMilliseconds = 500;

/**
 * Returns the handler of a queue, which processes each message of a batch separately and returns the ids of those that
 * failed.
 */
export function queueHandler(work: Work) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }, context) =>
    eachMessage(Records, async (record) => work(record, context), context),
  );
}

/**
 * Processes every message of a batch. Returns the messages that failed (ReportBatchItemFailures), and those that are
 * unfinished shortly before the function's timeout, since the timeout would repeat the whole batch.
 */
export async function eachMessage(
  Records: SQSRecord[],
  work: (record: SQSRecord) => Promise<void>,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SQSBatchResponse> {
  const milliseconds = context.getRemainingTimeInMillis() - responseMilliseconds;
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error('not finished in time: the message is delivered again'));
  }, milliseconds);
  try {
    const inTime = async (record: SQSRecord): Promise<void> => Promise.race([work(record), late.promise]);
    return await processPartialResponse({ Records }, inTime, new MessageProcessor(EventType.SQS), {
      throwOnFullBatchFailure: false,
    });
  } finally {
    clearTimeout(timer);
  }
}
