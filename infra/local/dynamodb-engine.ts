import { EventEmitter } from 'node:events';
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

interface Behind {
  readonly answer: (operation: string, body: Buffer | string) => Promise<EngineAnswer>;
  readonly close: () => Promise<void>;
}

/** What keeps the tables: dynalite in this process, or a DynamoDB that listens somewhere. */
export class DynamoDbEngine {
  readonly #behind: Behind;
  readonly #underWay = new Set<Promise<EngineAnswer>>();
  #closed = false;

  private constructor(behind: Behind) {
    this.#behind = behind;
  }

  static async open(directory: string | undefined): Promise<DynamoDbEngine> {
    return new DynamoDbEngine(await openDynalite(directory));
  }

  static at(url: string): DynamoDbEngine {
    return new DynamoDbEngine({
      answer: async (operation, body) => {
        const response = await fetch(url, { method: 'POST', headers: headersOf(operation), body: typeof body === 'string' ? body : new Uint8Array(body) });
        return { status: response.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: await response.text() };
      },
      close: () => Promise.resolve(),
    });
  }

  async call(operation: string, body: Buffer | string): Promise<EngineAnswer> {
    if (this.#closed) throw new AwsError('ServiceUnavailable', 'the stack is stopping', 503);
    const answer = this.#behind.answer(operation, body);
    this.#underWay.add(answer);
    try {
      return await answer;
    } finally {
      this.#underWay.delete(answer);
    }
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
    await this.#behind.close();
  }
}

function headersOf(operation: string): Record<string, string> {
  return { ...signature, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` };
}

/** Called in process: half of what a call through a socket would cost. */
async function openDynalite(directory: string | undefined): Promise<Behind> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, ...(directory !== undefined && { path: directory }) });
  // Its database closes only with a server that listens, so it does, where nobody is told.
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, resolve);
  });
  return {
    answer: (operation, body) =>
      new Promise((resolve) => {
        const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers: headersOf(operation) });
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
        server.emit('request', request, response);
        request.emit('data', typeof body === 'string' ? Buffer.from(body) : body);
        request.emit('end');
      }),
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => {
          if (error) reject(error);
          else resolve();
        });
        server.closeAllConnections();
      }),
  };
}
