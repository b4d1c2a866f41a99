import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountId, type Template } from '../cloudformation/template.ts';
import type { Fields } from '../fields.ts';
import type { NewEvent } from '../events/event-bus.ts';
import type { RestAnswer } from '../wire.ts';

/** A stored object with its headers. */
export interface StoredObject {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ObjectRequest {
  readonly method: string;
  /** `/bucket/key`, percent-encoded, or `/bucket` and a query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Headers that S3 returns with an object. */
const isKept = (name: string): boolean => /^(?:content-type|cache-control|x-amz-meta-.*)$/.test(name);

const maxListed = 1000;
const maxKeyBytes = 1024;
/** Of names and values, without the prefix. */
const maxMetadataBytes = 2048;

function metadataBytes(headers: ObjectRequest['headers']): number {
  const prefix = 'x-amz-meta-';
  return Object.entries(headers).reduce(
    (bytes, [name, value]) =>
      name.startsWith(prefix) ? bytes + Buffer.byteLength(name.slice(prefix.length) + String(value)) : bytes,
    0,
  );
}

interface BucketSurroundings {
  readonly directory?: string;
  /** Takes the events of buckets that send theirs to EventBridge. */
  readonly notify?: (event: NewEvent) => Promise<void>;
}

/** The stack's buckets, path style: objects put, copied, got, listed and deleted. */
export class Buckets {
  readonly #names: ReadonlySet<string>;
  /** The ARNs of buckets that send their events to EventBridge, by name. */
  readonly #notifying: ReadonlyMap<string, string>;
  readonly #notify: BucketSurroundings['notify'];
  readonly #directory: string | undefined;
  readonly #objects = new Map<string, StoredObject>();

  constructor(template: Template, { directory, notify }: BucketSurroundings = {}) {
    const buckets = template.all('AWS::S3::Bucket');
    this.#names = new Set(buckets.map(({ name }) => name));
    this.#notifying = new Map(
      buckets.filter(({ properties }) => isNotifying(properties)).map(({ name, arn }) => [name, arn]),
    );
    this.#notify = notify;
    this.#directory = directory === undefined ? undefined : join(directory, 'buckets');
  }

  has(bucket: string): boolean {
    return this.#names.has(bucket);
  }

  async call({ method, path, query, headers, body }: ObjectRequest): Promise<RestAnswer> {
    const isBucket = /^\/[^/]*\/?$/.test(path);
    if (isBucket && method === 'GET' && query.get('list-type') === '2')
      return this.#list(path.replaceAll('/', ''), query);
    if (isBucket) return refused(405, 'MethodNotAllowed', `${method} of a bucket is not known on a laptop`);
    return this.#object(method, decodeURIComponent(path), headers, body);
  }

  async #object(method: string, path: string, headers: ObjectRequest['headers'], body: Buffer): Promise<RestAnswer> {
    if (Buffer.byteLength(path.replace(/^\/[^/]*\//, '')) > maxKeyBytes)
      return refused(400, 'KeyTooLongError', 'Your key is too long');
    switch (method) {
      case 'PUT': {
        if (metadataBytes(headers) > maxMetadataBytes)
          return refused(400, 'MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
        const copied = headers['x-amz-copy-source'];
        if (typeof copied === 'string') return this.#copy(decodeURIComponent(copied), path);
        const said = Object.entries(headers).flatMap(([name, value]) =>
          isKept(name) && typeof value === 'string' ? [[name, value] as const] : [],
        );
        await this.put(path, { headers: { ...Object.fromEntries(said), ...modifiedNow() }, body });
        await this.#notifyOf(path, body, 'PutObject');
        return { status: 200, headers: { etag: etagOf(body) }, body: '' };
      }
      case 'GET':
      case 'HEAD': {
        const object = await this.get(path);
        if (!object) return refused(404, 'NoSuchKey', 'The specified key does not exist.');
        if ((headers['if-match'] ?? etagOf(object.body)) !== etagOf(object.body))
          return refused(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
        return {
          status: 200,
          headers: { 'content-type': 'binary/octet-stream', ...object.headers, etag: etagOf(object.body) },
          body: object.body,
        };
      }
      case 'DELETE':
        await this.#delete(path);
        return { status: 204, headers: {}, body: '' };
      default:
        return refused(405, 'MethodNotAllowed', `${method} of an object is not known on a laptop`);
    }
  }

  async #copy(source: string, path: string): Promise<RestAnswer> {
    const object = await this.get(source.startsWith('/') ? source : `/${source}`);
    if (!object) return refused(404, 'NoSuchKey', 'The specified key does not exist.');
    await this.put(path, { ...object, headers: { ...object.headers, ...modifiedNow() } });
    await this.#notifyOf(path, object.body, 'CopyObject');
    return xml(200, `<CopyObjectResult><ETag>${etagOf(object.body)}</ETag></CopyObjectResult>`);
  }

  /** Sends S3's event "Object Created" to EventBridge. Its key is not percent-encoded. */
  async #notifyOf(path: string, body: Buffer, reason: 'PutObject' | 'CopyObject'): Promise<void> {
    const [, name = '', key = ''] = /^\/([^/]*)\/(.*)$/s.exec(path) ?? [];
    const arn = this.#notifying.get(name);
    if (arn === undefined) return;
    await this.#notify?.({
      source: 'aws.s3',
      detailType: 'Object Created',
      resources: [arn],
      detail: {
        version: '0',
        bucket: { name },
        object: {
          key,
          size: body.byteLength,
          etag: etagOf(body).slice(1, -1),
          sequencer: Date.now().toString(16).toUpperCase().padStart(18, '0'),
        },
        'request-id': randomUUID(),
        requester: accountId,
        'source-ip-address': '127.0.0.1',
        reason,
      },
    });
  }

  async put(path: string, { headers, body }: StoredObject): Promise<void> {
    if (this.#directory === undefined) {
      this.#objects.set(path, { headers, body });
      return;
    }
    await mkdir(this.#directory, { recursive: true });
    // The first line of the file has the object's headers.
    await writeFile(this.#file(path), Buffer.concat([Buffer.from(`${JSON.stringify(headers)}\n`), body]));
  }

  async get(path: string): Promise<StoredObject | undefined> {
    if (this.#directory === undefined) return this.#objects.get(path);
    try {
      const stored = await readFile(this.#file(path));
      const end = stored.indexOf('\n');
      return {
        headers: JSON.parse(stored.subarray(0, end).toString()) as Record<string, string>,
        body: stored.subarray(end + 1),
      };
    } catch (error) {
      if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #delete(path: string): Promise<void> {
    if (this.#directory === undefined) this.#objects.delete(path);
    else await rm(this.#file(path), { force: true });
  }

  async #list(bucket: string, query: URLSearchParams): Promise<RestAnswer> {
    const root = `/${bucket}/`;
    const after = query.get('continuation-token') ?? '';
    const keys = (await this.#paths())
      .filter((path) => path.startsWith(root + (query.get('prefix') ?? '')))
      .map((path) => path.slice(root.length))
      .filter((key) => key > after)
      .sort();
    const listed = keys.slice(0, maxListed);
    const next = keys.length > listed.length ? listed.at(-1) : undefined;
    const objects = await Promise.all(listed.map(async (key) => ({ key, object: await this.get(root + key) })));
    const contents = objects
      .map(({ key, object: { headers = {}, body = Buffer.alloc(0) } = {} }) => {
        const modified = new Date(headers['last-modified'] ?? 0).toISOString();
        return `<Contents><Key>${escaped(key)}</Key><LastModified>${modified}</LastModified><Size>${body.byteLength}</Size></Contents>`;
      })
      .join('');
    const more = next === undefined ? '' : `<NextContinuationToken>${escaped(next)}</NextContinuationToken>`;
    return xml(
      200,
      `<ListBucketResult><Name>${bucket}</Name><KeyCount>${listed.length}</KeyCount><IsTruncated>${next !== undefined}</IsTruncated>${more}${contents}</ListBucketResult>`,
    );
  }

  async #paths(): Promise<string[]> {
    if (this.#directory === undefined) return [...this.#objects.keys()];
    await mkdir(this.#directory, { recursive: true });
    return (await readdir(this.#directory)).map(decodeURIComponent);
  }

  #file(path: string): string {
    return join(this.#directory ?? '', encodeURIComponent(path));
  }
}

function modifiedNow(): Record<string, string> {
  return { 'last-modified': new Date().toUTCString() };
}

function isNotifying(properties: Fields): boolean {
  const bridge = properties.optionalFields('NotificationConfiguration')?.optionalFields('EventBridgeConfiguration');
  // CloudFormation's default of the flag is true.
  return bridge !== undefined && bridge.record['EventBridgeEnabled'] !== false;
}

export function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function refused(status: number, code: string, message: string): RestAnswer {
  return xml(status, `<Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`);
}

function xml(status: number, document: string): RestAnswer {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${document}`,
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
