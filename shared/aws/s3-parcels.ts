import type { Parcels } from '../ports.ts';
import type { Bucket } from './s3-bucket.ts';

/** Parcels in a bucket of their own. */
export class S3Parcels implements Parcels {
  readonly #bucket: Bucket;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  async park(key: string, text: string): Promise<void> {
    await this.#bucket.write(key, text, { ContentType: 'application/json' });
  }

  async fetch(key: string): Promise<string | undefined> {
    const bytes = await this.#bucket.read(key);
    return bytes && Buffer.from(bytes).toString();
  }
}
