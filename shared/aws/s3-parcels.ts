import type { Parcels } from '../ports.ts';
import { isOk, refusalOf, type AwsAnswer, type AwsClient, type AwsRequest } from './aws-client.ts';

/** Parcels in a bucket of their own. */
export class S3Parcels implements Parcels {
  readonly #aws: AwsClient;
  readonly #bucket: string;

  constructor(aws: AwsClient, bucket: string) {
    this.#aws = aws;
    this.#bucket = bucket;
  }

  async park(key: string, text: string): Promise<void> {
    const answer = await this.#send(key, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: text });
    if (!isOk(answer)) throw refusalOf(answer);
  }

  async fetch(key: string): Promise<string | undefined> {
    const answer = await this.#send(key, { method: 'GET' });
    if (answer.status === 404) return undefined;
    if (!isOk(answer)) throw refusalOf(answer);
    return answer.text;
  }

  async #send(key: string, request: AwsRequest): Promise<AwsAnswer> {
    const url = await this.#aws.urlOf('s3');
    const base = this.#aws.endpoint === undefined ? url.replace('//', `//${this.#bucket}.`) : `${url}/${this.#bucket}`;
    return this.#aws.send(`${base}/${key}`, 's3', request);
  }
}
