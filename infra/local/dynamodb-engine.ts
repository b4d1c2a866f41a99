import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import dynalite from 'dynalite';
import { AwsError } from './aws-error.ts';

export interface EngineAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A table's row in DynamoDB's JSON. */
export type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** dynalite looks for a signature, though it does not check it. */
const signature = {
  authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local',
  'x-amz-date': '20260101T000000Z',
};

/** dynalite, called in process: half of what a call through a socket would cost. */
export class DynamoDbEngine {
  readonly #server: Server;
  readonly #underWay = new Set<Promise<EngineAnswer>>();
  #closed = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(directory: string | undefined): Promise<DynamoDbEngine> {
    const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, ...(directory !== undefined && { path: directory }) });
    // Its database closes only with a server that listens, so it does, where nobody is told.
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: 0, host: '127.0.0.1' }, resolve);
    });
    return new DynamoDbEngine(server);
  }

  async call(operation: string, body: Buffer | string): Promise<EngineAnswer> {
    if (this.#closed) throw new AwsError('ServiceUnavailable', 'the stack is stopping', 503);
    const answer = this.#answer(operation, body);
    this.#underWay.add(answer);
    try {
      return await answer;
    } finally {
      this.#underWay.delete(answer);
    }
  }

  #answer(operation: string, body: Buffer | string): Promise<EngineAnswer> {
    return new Promise((resolve) => {
      const request = Object.assign(new EventEmitter(), {
        method: 'POST',
        url: '/',
        headers: { ...signature, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
      });
      const headers: Record<string, string> = {};
      const response = {
        statusCode: 200,
        setHeader: (name: string, value: string | number) => {
          headers[name.toLowerCase()] = String(value);
        },
        end: (answer: string) => {
          resolve({ status: response.statusCode, headers, body: answer });
        },
      };
      this.#server.emit('request', request, response);
      request.emit('data', typeof body === 'string' ? Buffer.from(body) : body);
      request.emit('end');
    });
  }

  async item(table: string, key: Item): Promise<Item | undefined> {
    const answer = await this.call('GetItem', JSON.stringify({ TableName: table, Key: key, ConsistentRead: true }));
    if (answer.status !== 200) throw new Error(`cannot read ${table}: ${answer.body}`);
    return (JSON.parse(answer.body) as { readonly Item?: Item }).Item;
  }

  async close(): Promise<void> {
    this.#closed = true;
    // dynalite takes the whole process down when its database closes under a request.
    await Promise.all(this.#underWay);
    await new Promise<void>((resolve, reject) => {
      this.#server.close((error) => {
        if (error) reject(error);
        else resolve();
      });
      this.#server.closeAllConnections();
    });
  }
}
