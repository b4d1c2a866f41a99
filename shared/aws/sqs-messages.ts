import type { Look, Looks, PurgeRequest, PurgeRequests, Refusals } from '../ports.ts';
import type { AwsClient } from './aws-client.ts';
import { sendMessage } from './sqs.ts';

/** Purge requests as queue messages: one queue collects over a window, the urgent one does not. */
export class SqsPurgeRequests implements PurgeRequests {
  readonly #aws: AwsClient;
  readonly #queueUrls: { readonly collecting: string; readonly urgent: string };

  constructor(aws: AwsClient, queueUrls: { readonly collecting: string; readonly urgent: string }) {
    this.#aws = aws;
    this.#queueUrls = queueUrls;
  }

  async ask(request: PurgeRequest, { urgent, delaySeconds }: { readonly urgent: boolean; readonly delaySeconds: number }): Promise<void> {
    await sendMessage(this.#aws, urgent ? this.#queueUrls.urgent : this.#queueUrls.collecting, JSON.stringify(request), delaySeconds);
  }
}

/** Looks at recordings as messages of narrate's own queue. */
export class SqsLooks implements Looks {
  readonly #aws: AwsClient;
  readonly #queueUrl: string;

  constructor(aws: AwsClient, queueUrl: string) {
    this.#aws = aws;
    this.#queueUrl = queueUrl;
  }

  async lookAgain(look: Look, delaySeconds: number): Promise<void> {
    await sendMessage(this.#aws, this.#queueUrl, JSON.stringify(look), delaySeconds);
  }
}

/** Refused events go to the dead-letter queue at once, as they came, so that `redrive` can send them again. */
export class SqsRefusals implements Refusals {
  readonly #aws: AwsClient;
  readonly #queueUrl: string;

  constructor(aws: AwsClient, queueUrl: string) {
    this.#aws = aws;
    this.#queueUrl = queueUrl;
  }

  async keep(body: string): Promise<void> {
    await sendMessage(this.#aws, this.#queueUrl, body);
  }
}
