import type { SoundFiles } from '../ports.ts';
import { audioType } from '../recording.ts';
import { tagHeader } from '../tags.ts';
import { isOk, refusalOf, type AwsAnswer, type AwsClient, type AwsRequest } from './aws-client.ts';

/** A minute, as pages; browsers ask every time. What is removed is gone by then, purged or not. */
const lifetime = 'public, max-age=0, s-maxage=60';

/** Sound in a bucket of its own, which the CDN reads too. */
export class S3SoundFiles implements SoundFiles {
  readonly #aws: AwsClient;
  readonly #bucket: string;

  constructor(aws: AwsClient, bucket: string) {
    this.#aws = aws;
    this.#bucket = bucket;
  }

  async list(folder: string): Promise<string[]> {
    const keys: string[] = [];
    let next: string | undefined;
    do {
      const query = new URLSearchParams({ 'list-type': '2', prefix: folder, ...(next !== undefined && { 'continuation-token': next }) });
      const answer = await this.#send(`?${query.toString()}`, { method: 'GET' });
      if (!isOk(answer)) throw refusalOf(answer);
      // Keys are made of folders, digests and Polly's ids: nothing in them is escaped.
      keys.push(...Array.from(answer.text.matchAll(/<Key>([^<]*)<\/Key>/g), ([, key = '']) => key));
      next = /<NextContinuationToken>([^<]*)<\/NextContinuationToken>/.exec(answer.text)?.[1];
    } while (next !== undefined);
    return keys;
  }

  async read(key: string): Promise<Uint8Array | undefined> {
    const answer = await this.#send(key, { method: 'GET' });
    if (answer.status === 404) return undefined;
    if (!isOk(answer)) throw refusalOf(answer);
    return answer.bytes;
  }

  async publish(key: string, bytes: Uint8Array, tags: readonly string[]): Promise<void> {
    const headers = { 'content-type': audioType, 'cache-control': lifetime, [tagHeader]: tags.join(',') };
    const answer = await this.#send(key, { method: 'PUT', headers, body: bytes });
    if (!isOk(answer)) throw refusalOf(answer);
  }

  async remove(key: string): Promise<void> {
    const answer = await this.#send(key, { method: 'DELETE' });
    if (!isOk(answer)) throw refusalOf(answer);
  }

  async #send(rest: string, request: AwsRequest): Promise<AwsAnswer> {
    const url = await this.#aws.urlOf('s3');
    const base = this.#aws.endpoint === undefined ? url.replace('//', `//${this.#bucket}.`) : `${url}/${this.#bucket}`;
    return this.#aws.send(`${base}/${rest}`, 's3', request);
  }
}
