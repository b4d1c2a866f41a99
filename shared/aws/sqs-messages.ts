import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Look, Looks, PurgeRequest, PurgeRequests, Refusals } from '../ports.ts';
import { sendMessage } from './sqs.ts';

/** Purge requests as queue messages: one queue collects over a window, the urgent one does not. */
export class SqsPurgeRequests implements PurgeRequests {
  readonly #sqs: SQSClient;
  readonly #queueUrls: { readonly collecting: string; readonly urgent: string };

  constructor(sqs: SQSClient, queueUrls: { readonly collecting: string; readonly urgent: string }) {
    this.#sqs = sqs;
    this.#queueUrls = queueUrls;
  }

  async ask(request: PurgeRequest, { urgent, delaySeconds }: { readonly urgent: boolean; readonly delaySeconds: number }): Promise<void> {
    await sendMessage(this.#sqs, urgent ? this.#queueUrls.urgent : this.#queueUrls.collecting, JSON.stringify(request), delaySeconds);
  }
}

/** Looks at recordings as messages of narrate's own queue. */
export class SqsLooks implements Looks {
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;

  constructor(sqs: SQSClient, queueUrl: string) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
  }

  async lookAgain(look: Look, delaySeconds: number): Promise<void> {
    await sendMessage(this.#sqs, this.#queueUrl, JSON.stringify(look), delaySeconds);
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
    await sendMessage(this.#sqs, this.#queueUrl, body);
  }
}
