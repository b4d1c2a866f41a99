import type { SQSClient } from '@aws-sdk/client-sqs';
import type { NarrationQueue, PurgeRequests, RejectionQueue } from '../ports.ts';
import { sendMessage } from './sqs.ts';

/** Purge requests as queue messages: one queue collects over a window, the urgent one does not. */
export const sqsPurgeRequests = (
  sqs: SQSClient,
  queueUrls: { readonly collecting: string; readonly urgent: string },
): PurgeRequests => ({
  ask: (request, { urgent, delaySeconds }) =>
    sendMessage(sqs, urgent ? queueUrls.urgent : queueUrls.collecting, JSON.stringify(request), delaySeconds),
});

/** Looks at recordings as messages of narrate's own queue. */
export const sqsLooks = (sqs: SQSClient, queueUrl: string): NarrationQueue => ({
  enqueue: (look, delaySeconds) => sendMessage(sqs, queueUrl, JSON.stringify(look), delaySeconds),
});

/** Refused events go to the dead-letter queue at once, as they came, so that `redrive` can send them again. */
export const sqsRefusals = (sqs: SQSClient, queueUrl: string): RejectionQueue => ({
  keep: (body) => sendMessage(sqs, queueUrl, body),
});
