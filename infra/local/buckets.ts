import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from './aws-error.ts';
import type { Template } from './template.ts';

/** The stack's buckets: objects put and got, path style, which is all that its functions do. */
export class Buckets {
  readonly #names: ReadonlySet<string>;
  readonly #directory: string | undefined;
  readonly #objects = new Map<string, Buffer>();

  constructor(template: Template, { directory }: { readonly directory?: string } = {}) {
    this.#names = new Set(template.all('AWS::S3::Bucket').map(({ name }) => name));
    this.#directory = directory === undefined ? undefined : join(directory, 'buckets');
  }

  has(bucket: string): boolean {
    return this.#names.has(bucket);
  }

  /** `path` is `/bucket/key`. */
  async call(method: string, path: string, body: Buffer): Promise<Buffer> {
    if (method === 'PUT') {
      await this.#put(path, body);
      return Buffer.alloc(0);
    }
    if (method !== 'GET') throw new AwsError('MethodNotAllowed', `${method} of an object is not known on a laptop`, 405);
    const object = await this.#get(path);
    if (!object) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    return object;
  }

  async #put(path: string, body: Buffer): Promise<void> {
    if (this.#directory === undefined) {
      this.#objects.set(path, body);
      return;
    }
    await mkdir(this.#directory, { recursive: true });
    await writeFile(this.#file(path), body);
  }

  async #get(path: string): Promise<Buffer | undefined> {
    if (this.#directory === undefined) return this.#objects.get(path);
    try {
      return await readFile(this.#file(path));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #file(path: string): string {
    return join(this.#directory ?? '', encodeURIComponent(path));
  }
}
