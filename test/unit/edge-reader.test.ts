import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { EdgeReader } from '../../shared/aws/edge-reader.ts';

/** An edge that counts who asks, and answers with the count. */
async function counting(): Promise<{
  readonly host: string;
  readonly server: Server;
  readonly tokens: readonly unknown[];
}> {
  let asked = 0;
  const tokens: unknown[] = [];
  const server = createServer(({ headers }, response) => {
    asked += 1;
    tokens.push(headers['x-pressrun-watch']);
    response.end(String(asked));
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, server, tokens };
}

describe('the reader of the edge', () => {
  let stop: Server | undefined;
  afterEach(() => {
    stop?.close();
    stop?.closeAllConnections();
  });

  test('requests a list once for a burst of stories, and again later', async () => {
    const { host, server } = await counting();
    stop = server;
    let now = 0;
    const reader = new EdgeReader(host, { now: () => now });
    const burst = await Promise.all(Array.from({ length: 20 }, async () => reader.read('/feeds/latest.json')));
    expect(new Set(burst.map(({ body }) => body))).toEqual(new Set(['1']));
    expect((await reader.read('/feeds/section/news.json')).body).toBe('2');
    now += 250;
    expect((await reader.read('/feeds/latest.json')).body).toBe('1');
    now += 1;
    expect((await reader.read('/feeds/latest.json')).body).toBe('3');
  });

  test('sends the token of the web ACL if there is one', async () => {
    const { host, server, tokens } = await counting();
    stop = server;
    await new EdgeReader(host).read('/');
    await new EdgeReader(host, { token: 'a token' }).read('/');
    expect(tokens).toEqual([undefined, 'a token']);
  });

  test('has status 0 for an edge that does not answer', async () => {
    const { host, server } = await counting();
    await new Promise((resolve) => server.close(resolve));
    expect(await new EdgeReader(host).read('/feeds/latest.json')).toEqual({ status: 0, body: '' });
  });
});
