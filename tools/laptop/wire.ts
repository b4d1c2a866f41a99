import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error.ts';
import { Fields, isRecord } from './fields.ts';

/** AWS accepts at most a megabyte or so for most calls, 16 MB of a DynamoDB batch; two hours of sound are 43 MB. */
const longestBodyBytes = 64 * 1024 * 1024;

export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > longestBodyBytes) reject(new AwsError('RequestEntityTooLarge', 'the request is too large', 413));
      else chunks.push(chunk);
    });
    request.on('end', () => {
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', () => {
      reject(new AwsError('RequestAborted', 'the request broke off'));
    });
  });
}

/** The segments of a path, decoded. */
export function segmentsOf(path: string): string[] {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    throw new AwsError('ValidationException', 'the path must be percent-encoded UTF-8');
  }
}

/** A request's JSON, of which a missing or malformed parameter is answered as AWS does. */
export function inputOf(body: Buffer | string): Fields {
  let input: unknown;
  try {
    input = body.length === 0 ? {} : JSON.parse(body.toString());
  } catch {
    throw new AwsError('SerializationException', 'the request is not JSON');
  }
  if (!isRecord(input)) throw new AwsError('SerializationException', 'the request is not a JSON object');
  return new Fields(input, (field, expected) => new AwsError('ValidationException', `${field} must be ${expected}`));
}
