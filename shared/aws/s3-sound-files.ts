import type { SoundFiles } from '../ports.ts';
import { audioType } from '../recording.ts';
import { tagHeader } from '../tags.ts';
import type { Bucket } from './s3-bucket.ts';

/** A minute, as pages; browsers ask every time. What is removed is gone by then, purged or not. */
const lifetime = 'public, max-age=0, s-maxage=60';

/** Sound in a bucket of its own, which the CDN reads too. */
export class S3SoundFiles implements SoundFiles {
  readonly #bucket: Bucket;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  list(folder: string): Promise<string[]> {
    return this.#bucket.keys(folder);
  }

  read(key: string): Promise<Uint8Array | undefined> {
    return this.#bucket.read(key);
  }

  publish(key: string, bytes: Uint8Array, tags: readonly string[]): Promise<void> {
    const Metadata = { [tagHeader.replace(/^x-amz-meta-/, '')]: tags.join(',') };
    return this.#bucket.write(key, bytes, { ContentType: audioType, CacheControl: lifetime, Metadata });
  }

  remove(key: string): Promise<void> {
    return this.#bucket.remove(key);
  }
}
