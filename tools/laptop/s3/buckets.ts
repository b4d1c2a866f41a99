import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from '../cloudformation/template.ts';
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

/** The stack's buckets, path style: objects put, got, listed and deleted, which is all that its functions do. */
export class Buckets {
  readonly #names: ReadonlySet<string>;
  readonly #directory: string | undefined;
  readonly #objects = new Map<string, StoredObject>();

  constructor(template: Template, { directory }: { readonly directory?: string } = {}) {
    this.#names = new Set(template.all('AWS::S3::Bucket').map(({ name }) => name));
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
        const said = Object.entries(headers).flatMap(([name, value]) =>
          isKept(name) && typeof value === 'string' ? [[name, value] as const] : [],
        );
        await this.put(path, { headers: Object.fromEntries(said), body });
        return { status: 200, headers: { etag: etagOf(body) }, body: '' };
      }
      case 'GET': {
        const object = await this.get(path);
        if (!object) return refused(404, 'NoSuchKey', 'The specified key does not exist.');
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
    const contents = listed.map((key) => `<Contents><Key>${escaped(key)}</Key></Contents>`).join('');
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
