import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { PurgeRequest, PurgeRequests, Refusals } from '../ports.ts';

/** Purge requests as queue messages: one queue collects over a window, the urgent one does not. */
export class SqsPurgeRequests implements PurgeRequests {
  readonly #sqs: SQSClient;
  readonly #queueUrls: { readonly collecting: string; readonly urgent: string };

  constructor(sqs: SQSClient, queueUrls: { readonly collecting: string; readonly urgent: string }) {
    this.#sqs = sqs;
    this.#queueUrls = queueUrls;
  }

  async ask(request: PurgeRequest, { urgent, delaySeconds }: { readonly urgent: boolean; readonly delaySeconds: number }): Promise<void> {
    await this.#sqs.send(
      new SendMessageCommand({
        QueueUrl: urgent ? this.#queueUrls.urgent : this.#queueUrls.collecting,
        MessageBody: JSON.stringify(request),
        ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
      }),
    );
  }
}

/** Refused events go to the dead-letter queue at once, as they came, so that `redrive` can send them again. */
export class SqsRefusals implements Refusals {
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;

  constructor(sqs: SQSClient, queueUrl: string) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
  }

  async keep(body: string): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody: body }));
  }
}
