import type { PayloadStore } from '../events/ports.ts';
import type { Bucket } from './s3-bucket.ts';

/** The payload store, in a bucket of its own. */
export const s3PayloadStore = (bucket: Bucket): PayloadStore => ({
  put: (key, text) => bucket.write(key, text, { ContentType: 'application/json' }),
  fetch: async (key) => {
    const bytes = await bucket.read(key);
    return bytes && Buffer.from(bytes).toString();
  },
});
