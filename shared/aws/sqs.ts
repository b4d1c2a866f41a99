import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { NarrationPoll, NarrationQueue } from '../audio/ports.ts';
import type { PurgeQueue, PurgeRequests } from '../purge/ports.ts';
import type { RejectionQueue } from '../events/ports.ts';
import { longestWaitSeconds } from './clients.ts';

/** Sends one message to a queue, which delivers it after the delay. */
export async function sendMessage(sqs: SQSClient, queueUrl: string, body: string, delaySeconds = 0): Promise<void> {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body,
      ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
    }),
  );
}

/** Makes a received message visible again after a number of seconds. */
export async function changeVisibility(
  sqs: SQSClient,
  queueUrl: string,
  receiptHandle: string,
  seconds: number,
): Promise<void> {
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
}

/** Sends purge requests as messages: to the queue with the collecting window, or to the urgent one without. */
export const sqsPurgeRequests = (
  sqs: SQSClient,
  queueUrls: { readonly collecting: string; readonly urgent: string },
): PurgeRequests => ({
  send: (request, { urgent, delaySeconds }) =>
    sendMessage(sqs, urgent ? queueUrls.urgent : queueUrls.collecting, JSON.stringify(request), delaySeconds),
});

/** SQS's limit for one call. */
const maxMessages = 10;

/** Receives purge requests in addition to those that the event source delivers. */
export const sqsPurgeQueue = (sqs: SQSClient, queueUrl: string): PurgeQueue => ({
  receive: async (waitSeconds) => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: maxMessages,
        WaitTimeSeconds: Math.min(waitSeconds, longestWaitSeconds),
      }),
    );
    return Messages.flatMap(({ MessageId: messageId, Body: body, ReceiptHandle: receipt }) =>
      messageId === undefined || body === undefined || receipt === undefined ? [] : [{ messageId, body, receipt }],
    );
  },
  remove: async (messages) => {
    for (let start = 0; start < messages.length; start += maxMessages) {
      const { Failed: [failed] = [] } = await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: messages
            .slice(start, start + maxMessages)
            .map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt })),
        }),
      );
      if (failed) throw new Error(`SQS did not delete all messages: ${failed.Code ?? ''} ${failed.Message ?? ''}`);
    }
  },
});

/** A poll as a message. It names the number of polls as the first release did, because messages outlive a deployment. */
export interface NarrationMessage extends Omit<NarrationPoll, 'polls'> {
  readonly looks: number;
}

/** Returns the poll in a message. */
export function pollOf({ looks, ...rest }: NarrationMessage): NarrationPoll {
  return { ...rest, polls: looks };
}

/** Sends polls of synthesis jobs to the queue of `narrate`. */
export const sqsNarrationQueue = (sqs: SQSClient, queueUrl: string): NarrationQueue => ({
  enqueue: ({ polls, ...rest }, delaySeconds) =>
    sendMessage(sqs, queueUrl, JSON.stringify({ ...rest, looks: polls } satisfies NarrationMessage), delaySeconds),
});

/** Sends rejected events to the dead-letter queue at once and unchanged, so that `redrive` can send them again. */
export const sqsRejectionQueue = (sqs: SQSClient, queueUrl: string): RejectionQueue => ({
  keep: (body) => sendMessage(sqs, queueUrl, body),
});
