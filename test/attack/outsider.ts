import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sources } from '../../shared/cms/sources.ts';

const main = fileURLToPath(new URL('../../tools/laptop/main.ts', import.meta.url));

export const ports = ['aws', 'edge', 'ingest'] as const;
export type Port = (typeof ports)[number];

/** The answers on a connection until the server closed it: the statuses of all responses, and the bytes. */
export interface Answers {
  readonly statuses: readonly number[];
  readonly text: string;
}

/** The stack as `npm start` runs it, in a process of its own, so that an attack that ends it does not end the test runner. */
export class RunningStack {
  readonly url: Readonly<Record<Port, string>>;
  readonly dataDirectory: string;
  /** The secret that every webhook endpoint is configured with. */
  static readonly secret = 'the secret of the attacked newsroom';
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, dataDirectory: string, url: Readonly<Record<Port, string>>) {
    this.#child = child;
    this.dataDirectory = dataDirectory;
    this.url = url;
  }

  static async start(): Promise<RunningStack> {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'pressrun-attack-'));
    const child = spawn(process.execPath, [main, '--empty', '--data', join(dataDirectory, 'data')], {
      env: {
        ...process.env,
        PRESSRUN_AWS_PORT: '0',
        PRESSRUN_EDGE_PORT: '0',
        PRESSRUN_INGEST_PORT: '0',
        PRESSRUN_INGEST_SECRETS: JSON.stringify(
          Object.fromEntries(sources.map(({ name }) => [name, RunningStack.secret])),
        ),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    const after = (label: string): string => new RegExp(`^ +${label} +(http://[0-9.:]+)`, 'm').exec(printed)?.[1] ?? '';
    const urls = (): Readonly<Record<Port, string>> => ({
      edge: after('read'),
      ingest: after('webhooks'),
      aws: after('AWS'),
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      child.on('exit', (code) => {
        reject(new Error(`the stack ended with ${String(code)} before it was ready: ${errors}`));
      });
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (Object.values(urls()).every((url) => url !== '')) resolve();
      });
    });
    return new RunningStack(child, dataDirectory, urls());
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async stop(): Promise<void> {
    if (this.isRunning) {
      this.#child.kill();
      await once(this.#child, 'exit');
    }
    await rm(this.dataDirectory, { recursive: true, force: true });
  }

  /** `host:port`, as a Host header names it. */
  host(port: Port): string {
    return new URL(this.url[port]).host;
  }

  /** Sends any bytes on one connection, and reads until the server closes it. */
  raw(port: Port, bytes: string | Buffer): Promise<Answers> {
    const { hostname, port: number } = new URL(this.url[port]);
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect({ host: hostname, port: Number(number) }, () => socket.write(bytes));
      const finish = (): void => {
        const text = Buffer.concat(chunks).toString('latin1');
        resolve({
          statuses: Array.from(text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm), ([, status]) => Number(status)),
          text,
        });
      };
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('close', finish);
      // A server may reset the connection of a client that is still sending.
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      });
      socket.setTimeout(20_000, () => {
        socket.destroy(new Error('the server neither answered nor closed the connection'));
      });
    });
  }

  /** One request with exactly this target and these headers; `Host` and `Connection: close` are added unless given. */
  ask(
    port: Port,
    target: string,
    {
      method = 'GET',
      headers = {},
      body = '',
    }: { method?: string; headers?: Readonly<Record<string, string>>; body?: string | Buffer } = {},
  ): Promise<Answers> {
    const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    const lines = [
      `${method} ${target} HTTP/1.1`,
      ...(given.has('host') ? [] : [`Host: ${this.host(port)}`]),
      'Connection: close',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ...(body.length === 0 ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ];
    return this.raw(port, Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]));
  }

  /** Whether the stack still serves its honest clients on all three ports. */
  async isWell(): Promise<boolean> {
    if (!this.isRunning) return false;
    const [read, listed, hook] = await Promise.all([
      this.ask('edge', '/healthz'),
      this.ask('aws', '/', {
        method: 'POST',
        headers: { 'X-Amz-Target': 'AmazonSQS.ListQueues', 'Content-Type': 'application/x-amz-json-1.0' },
        body: '{}',
      }),
      this.ask('ingest', '/ingest/ghost', { method: 'POST', body: '{}' }),
    ]);
    return read.statuses[0] === 200 && listed.statuses[0] === 200 && hook.statuses[0] === 401;
  }
}
