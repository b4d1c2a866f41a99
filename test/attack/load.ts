import { connect, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { ports } from './outsider.ts';
import { event, onlyOf, portNumber, putEvents, stack } from './shared-stack.ts';

describe('requests and events that are too large', () => {
  test.each(ports)('a request line or headers beyond 16 KB are rejected by the %s port', async (port) => {
    for (const request of [
      `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: ${stack.host(port)}\r\nConnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${stack.host(port)}\r\nX: ${'a'.repeat(40_000)}\r\nConnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${stack.host(port)}\r\n${Array.from({ length: 3000 }, (_, n) => `X-${n}: 1\r\n`).join('')}Connection: close\r\n\r\n`,
    ]) {
      expect(onlyOf((await stack.raw(port, request)).statuses, 414, 431)).toBe('held');
    }
  });

  test('a webhook of 7 MB is rejected with and without a signature', async () => {
    const body = Buffer.alloc(7 * 1024 * 1024, 0x20);
    expect((await stack.ask('ingest', '/ingest/ghost', { method: 'POST', body })).statuses).toEqual([413]);
  });

  test('the bus rejects an event of 300 KB, and takes the other events of the request', async () => {
    const { statuses, text } = await stack.ask('aws', '/', {
      method: 'POST',
      headers: putEvents,
      body: event({ uri: 'urn:attack:large', body: 'x'.repeat(1_100_000) }),
    });
    expect(onlyOf(statuses, 200, 400, 413)).toBe('held');
    expect(text).not.toContain('"FailedEntryCount":0');
  });
});

describe('floods', () => {
  test('five hundred readers with five hundred unknown parameters cause one request to the origin', async () => {
    await stack.ask('edge', '/robots.txt');
    const caches = await Promise.all(
      Array.from(
        { length: 500 },
        async (_, n) => /x-cache: (\w+)/i.exec((await stack.ask('edge', `/robots.txt?q${n}=${n}`)).text)?.[1],
      ),
    );
    expect(new Set(caches)).toEqual(new Set(['Hit']));
  });

  test('three hundred unsigned webhooks are all rejected, and readers are served meanwhile', async () => {
    const flood = Promise.all(
      Array.from(
        { length: 300 },
        async () => (await stack.ask('ingest', '/ingest/ghost', { method: 'POST', body: '{}' })).statuses[0],
      ),
    );
    expect((await stack.ask('edge', '/feeds/latest.json?limit=3')).statuses).toEqual([200]);
    expect((await flood).filter((status) => status !== 401 && status !== 429)).toEqual([]);
  });

  test('two hundred unfinished requests block no reader', async () => {
    const sockets: Socket[] = [];
    for (const port of ports) {
      for (let n = 0; n < 200; n += 1) {
        const socket = connect({ host: '127.0.0.1', port: Number(portNumber(port)) });
        socket.on('error', () => undefined);
        socket.write(`POST /ingest/ghost HTTP/1.1\r\nHost: ${stack.host(port)}\r\nContent-Length: 1000\r\n`);
        sockets.push(socket);
      }
    }
    expect(await stack.isWell()).toBe(true);
    for (const socket of sockets) socket.destroy();
  });
});
