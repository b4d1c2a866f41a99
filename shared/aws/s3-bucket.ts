import type { GetObjectCommandInput, PutObjectCommandInput, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';

/** Loading S3's client takes a third of a cold start, and most invocations use no bucket. */
const sdk = async () => import('@aws-sdk/client-s3');

/** The objects of one bucket. */
export class Bucket {
  readonly #name: string;
  readonly #settings: S3ClientConfig;
  #client: S3Client | undefined;

  constructor(name: string, settings: S3ClientConfig) {
    this.#name = name;
    this.#settings = settings;
  }

  /** Returns undefined if there is no such object, or not in this state. */
  async read(
    key: string,
    state: Pick<GetObjectCommandInput, 'IfMatch' | 'VersionId'> = {},
  ): Promise<Uint8Array | undefined> {
    const { GetObjectCommand, NoSuchKey, S3ServiceException } = await sdk();
    try {
      const { Body } = await (await this.#s3()).send(new GetObjectCommand({ Bucket: this.#name, Key: key, ...state }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return undefined;
      throw error;
    }
  }

  async write(
    key: string,
    body: string | Uint8Array,
    about: Pick<PutObjectCommandInput, 'ContentType' | 'CacheControl' | 'Metadata'>,
  ): Promise<void> {
    const { PutObjectCommand } = await sdk();
    await (await this.#s3()).send(new PutObjectCommand({ Bucket: this.#name, Key: key, Body: body, ...about }));
  }

  /** Returns every key with this prefix. */
  async keys(prefix: string): Promise<string[]> {
    const { paginateListObjectsV2 } = await sdk();
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: await this.#s3() },
      { Bucket: this.#name, Prefix: prefix },
    ))
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
    return keys;
  }

  async remove(key: string): Promise<void> {
    const { DeleteObjectCommand } = await sdk();
    await (await this.#s3()).send(new DeleteObjectCommand({ Bucket: this.#name, Key: key }));
  }

  async #s3(): Promise<S3Client> {
    const { S3Client } = await sdk();
    return (this.#client ??= new S3Client(this.#settings));
  }
}
