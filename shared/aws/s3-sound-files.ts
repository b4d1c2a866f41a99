import type { SoundFiles } from '../audio/ports.ts';
import { audioType } from '../audio/audio-rendition.ts';
import { tagHeader } from '../purge/tags.ts';
import type { Bucket } from './s3-bucket.ts';

/**
 * The CDN keeps a file for one minute, as it does pages; browsers revalidate it each time. A removed file disappears
 * after a minute even if its purge fails.
 */
const lifetime = 'public, max-age=0, s-maxage=60';

/** Audio files, in a bucket that the CDN reads too. */
export const s3SoundFiles = (bucket: Bucket): SoundFiles => ({
  list: (folder) => bucket.keys(folder),
  read: (key) => bucket.read(key),
  publish: (key, bytes, tags) => {
    const Metadata = { [tagHeader.replace(/^x-amz-meta-/, '')]: tags.join(',') };
    return bucket.write(key, bytes, { ContentType: audioType, CacheControl: lifetime, Metadata });
  },
  remove: (key) => bucket.remove(key),
});
