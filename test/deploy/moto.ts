import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const keys = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Returns why tests of a Python program are skipped, or undefined if they run: only `npm run test:moto` runs them. */
export function skippedWithout(program: string, requirement: string): string | undefined {
  if (process.env['PRESSRUN_TEST_MOTO'] !== '1') return 'npm run test:moto runs this';
  return spawnSync(program, ['--help']).status === 0
    ? undefined
    : `${program} is not installed: pip install '${requirement}'`;
}

/** Why tests of moto are skipped, or undefined. */
export const missing = skippedWithout('moto_server', 'moto[server]==5.2.1');

/** moto's server, an emulator of AWS that knows nothing of this project, on a port and with a state of its own. */
export class Moto {
  readonly url: string;
  readonly #server: ChildProcess;

  private constructor(server: ChildProcess, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async start(): Promise<Moto> {
    const server = spawn('moto_server', ['--host', '127.0.0.1', '--port', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    for await (const line of createInterface({ input: server.stderr })) {
      const port = /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port === undefined) continue;
      // moto logs every request. Its output must be read, because it blocks when the pipe is full.
      server.stderr.resume();
      // By this name, since the CDK's CLI takes paths for buckets only at localhost.
      return new Moto(server, `http://localhost:${port}`);
    }
    throw new Error('moto_server ended before it listened');
  }

  async stop(): Promise<void> {
    const exited = once(this.#server, 'exit');
    this.#server.kill();
    await exited;
  }

  /** The environment of a process that calls moto: without the machine's own AWS settings, which may name a real account. */
  environment(home: string): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: home,
      AWS_ENDPOINT_URL: this.url,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    };
  }

  /** Calls a service with JSON and a target header, such as `DynamoDB_20120810.DescribeTable`. */
  async ask<T>(service: string, target: string, body: object = {}): Promise<T> {
    return JSON.parse(
      await this.#send(service, '/', {
        method: 'POST',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
        body: JSON.stringify(body),
      }),
    ) as T;
  }

  /** A service that has addresses. */
  async read<T>(service: string, path: string): Promise<T> {
    return JSON.parse(await this.text(service, path)) as T;
  }

  text(service: string, path: string): Promise<string> {
    return this.#send(service, path, { method: 'GET' });
  }

  put(service: string, path: string, body: string): Promise<string> {
    return this.#send(service, path, { method: 'PUT', body });
  }

  /** A service that takes forms and answers in XML. */
  form(service: string, fields: Readonly<Record<string, string>>): Promise<string> {
    return this.#send(service, '/', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  }

  async #send(service: string, path: string, init: RequestInit): Promise<string> {
    const headers = new Headers(init.headers);
    // moto reads in it which service is meant, and checks no signature.
    headers.set(
      'authorization',
      `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    );
    const response = await fetch(this.url + path, { ...init, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${service} ${path}: ${response.status} ${text}`);
    return text;
  }
}
