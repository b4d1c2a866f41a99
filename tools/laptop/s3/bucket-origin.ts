import { etagOf, type Buckets } from './buckets.ts';
import type { OriginRequest, OriginResponse } from '../cloudfront/origin.ts';

/** The bucket as an origin. Only the distribution may read it, and may not list it, so a missing object is 403. */
export function bucketOrigin(buckets: Buckets, bucket: string): (request: OriginRequest) => Promise<OriginResponse> {
  return async ({ rawPath, headers }) => {
    const object = await buckets.get(`/${bucket}${decoded(rawPath)}`);
    if (!object) {
      const body = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>';
      return { statusCode: 403, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) };
    }
    const etag = etagOf(object.body);
    const said = { ...object.headers, etag, 'accept-ranges': 'bytes' };
    return headers['if-none-match'] === etag
      ? { statusCode: 304, headers: said, body: Buffer.alloc(0) }
      : { statusCode: 200, headers: { 'content-type': 'binary/octet-stream', ...said }, body: object.body };
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
