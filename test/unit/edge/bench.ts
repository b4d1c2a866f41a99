import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';
import { Edge } from '../../../tools/laptop/cloudfront/edge.ts';
import type { EdgeOptions } from '../../../tools/laptop/cloudfront/edge-options.ts';
import type { OriginRequest, OriginResponse } from '../../../tools/laptop/cloudfront/origin.ts';
import { closeServer } from '../../close-server.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request that reached the origin, to be answered when the test says so. */
interface Asked {
  readonly request: OriginRequest;
  answer(body: string, headers?: Record<string, string>, statusCode?: number): void;
  fail(error: Error): void;
}

export interface Bench {
  readonly edge: Edge;
  /** Everything the origin was asked so far. */
  readonly asked: OriginRequest[];
  read(path: string, options?: { method?: string; headers?: Record<string, string> }): Promise<Answer>;
  /** The next request to reach the origin, which from the first call on answers nothing by itself. */
  nextAsked(): Promise<Asked>;
  answers: (request: OriginRequest) => Partial<Omit<OriginResponse, 'body'>> & { body?: string };
  advance(seconds: number): void;
  readonly port: number;
}

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map(closeServer));
});

export async function bench(options: Partial<EdgeOptions> = {}): Promise<Bench> {
  let clock = Date.UTC(2026, 5, 1);
  const asked: OriginRequest[] = [];
  const held: Asked[] = [];
  const waiting: ((asked: Asked) => void)[] = [];
  let isHeld = false;
  const edge = new Edge({
    tagHeader: 'Cache-Tag',
    errorCachingMinimumSeconds: new Map([
      [404, 5],
      [502, 5],
      [503, 5],
      [504, 5],
    ]),
    cachePolicy: {
      queryStrings: ['limit', 'after'],
      headers: [],
      minTtlSeconds: 0,
      defaultTtlSeconds: 0,
      maxTtlSeconds: 86_400,
    },
    originRequestHeaders: ['x-pressrun-host'],
    originTimeoutMilliseconds: 30_000,
    now: () => clock,
    origin: (request) => {
      asked.push(request);
      if (!isHeld) {
        const { statusCode = 200, headers = { 'cache-control': 's-maxage=60' }, body = 'text' } = it.answers(request);
        return Promise.resolve({ statusCode, headers, body: Buffer.from(body) });
      }
      const { promise, resolve, reject } = Promise.withResolvers<OriginResponse>();
      const one: Asked = {
        request,
        answer: (body, headers = { 'cache-control': 's-maxage=60' }, statusCode = 200) => {
          resolve({ statusCode, headers, body: Buffer.from(body) });
        },
        fail: reject,
      };
      const waiter = waiting.shift();
      if (waiter) waiter(one);
      else held.push(one);
      return promise;
    },
    ...options,
  });
  const server = createServer((request, response) => {
    void edge.handle(request, response);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const it: Bench = {
    edge,
    asked,
    port,
    answers: () => ({}),
    advance: (seconds) => {
      clock += seconds * 1000;
    },
    nextAsked: () => {
      isHeld = true;
      const { promise, resolve } = Promise.withResolvers<Asked>();
      const first = held.shift();
      if (first) resolve(first);
      else waiting.push(resolve);
      return promise;
    },
    read: (path, { method = 'GET', headers = {} } = {}) => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const request = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        });
      });
      request.on('error', reject);
      request.end();
      return promise;
    },
  };
  return it;
}

/** Resolves once the edge has processed all earlier requests: a request that it answers itself comes after them. */
export async function settled(it: Bench): Promise<void> {
  await it.read('/', { method: 'DELETE' });
}

export const hit = 'Hit from cloudfront';

export const miss = 'Miss from cloudfront';

export const error = 'Error from cloudfront';
