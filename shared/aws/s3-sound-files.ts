import type { SoundFiles } from '../ports.ts';
import { audioType } from '../audio/audio-rendition.ts';
import { tagHeader } from '../purge/tags.ts';
import type { Bucket } from './s3-bucket.ts';

/** A minute, as pages; browsers ask every time. What is removed is gone by then, purged or not. */
const lifetime = 'public, max-age=0, s-maxage=60';

/** Sound in a bucket of its own, which the CDN reads too. */
export const s3SoundFiles = (bucket: Bucket): SoundFiles => ({
  list: (folder) => bucket.keys(folder),
  read: (key) => bucket.read(key),
  publish: (key, bytes, tags) => {
    const Metadata = { [tagHeader.replace(/^x-amz-meta-/, '')]: tags.join(',') };
    return bucket.write(key, bytes, { ContentType: audioType, CacheControl: lifetime, Metadata });
  },
  remove: (key) => bucket.remove(key),
});
