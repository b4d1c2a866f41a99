import type { SQS } from '@aws-sdk/client-sqs';
import type { PurgeRequest, PurgeRequests, Refusals } from '../ports.ts';

/** Purge requests as queue messages: one queue collects over a window, the urgent one does not. */
export class SqsPurgeRequests implements PurgeRequests {
  readonly #sqs: SQS;
  readonly #queueUrls: { readonly collecting: string; readonly urgent: string };

  constructor(sqs: SQS, queueUrls: { readonly collecting: string; readonly urgent: string }) {
    this.#sqs = sqs;
    this.#queueUrls = queueUrls;
  }

  async ask(request: PurgeRequest, { urgent, delaySeconds }: { readonly urgent: boolean; readonly delaySeconds: number }): Promise<void> {
    await this.#sqs.sendMessage({
      QueueUrl: urgent ? this.#queueUrls.urgent : this.#queueUrls.collecting,
      MessageBody: JSON.stringify(request),
      ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
    });
  }
}

/** Refused events go to the dead-letter queue at once, as they came, so that `redrive` can send them again. */
export class SqsRefusals implements Refusals {
  readonly #sqs: SQS;
  readonly #queueUrl: string;

  constructor(sqs: SQS, queueUrl: string) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
  }

  async keep(body: string): Promise<void> {
    await this.#sqs.sendMessage({ QueueUrl: this.#queueUrl, MessageBody: body });
  }
}
