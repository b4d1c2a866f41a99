import type { SQSClient } from '@aws-sdk/client-sqs';
import type { NarrationQueue, PurgeRequests, RejectionQueue } from '../ports.ts';
import { sendMessage } from './sqs.ts';

/** Sends purge requests as messages: to the queue with the collecting window, or to the urgent one without. */
export const sqsPurgeRequests = (
  sqs: SQSClient,
  queueUrls: { readonly collecting: string; readonly urgent: string },
): PurgeRequests => ({
  ask: (request, { urgent, delaySeconds }) =>
    sendMessage(sqs, urgent ? queueUrls.urgent : queueUrls.collecting, JSON.stringify(request), delaySeconds),
});

/** Sends checks of synthesis jobs to narrate's own queue. */
export const sqsLooks = (sqs: SQSClient, queueUrl: string): NarrationQueue => ({
  enqueue: (look, delaySeconds) => sendMessage(sqs, queueUrl, JSON.stringify(look), delaySeconds),
});

/** Sends rejected events to the dead-letter queue at once and unchanged, so that `redrive` can send them again. */
export const sqsRejectionQueue = (sqs: SQSClient, queueUrl: string): RejectionQueue => ({
  keep: (body) => sendMessage(sqs, queueUrl, body),
});
