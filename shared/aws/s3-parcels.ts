import type { Parcels } from '../ports.ts';
import { AwsRefusal, type SignedFetch } from './signed-fetch.ts';

/** Parcels in a bucket of their own. */
export class S3Parcels implements Parcels {
  readonly #aws: SignedFetch;
  readonly #base: string;

  constructor(aws: SignedFetch, bucket: string) {
    this.#aws = aws;
    this.#base = aws.endpoint === undefined ? `https://${bucket}.s3.${aws.region}.amazonaws.com` : `${aws.endpoint}/${bucket}`;
  }

  async park(key: string, text: string): Promise<void> {
    const response = await this.#aws.send(`${this.#base}/${key}`, 's3', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    await response.body?.cancel();
    if (!response.ok) throw new AwsRefusal(response.status, 'PutObject');
  }

  async fetch(key: string): Promise<string | undefined> {
    const response = await this.#aws.send(`${this.#base}/${key}`, 's3', { method: 'GET' });
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok) throw new AwsRefusal(response.status, 'GetObject');
    return text;
  }
}
