import { describe, expect, test } from '@jest/globals';
import { ports } from './outsider.ts';
import { onlyOf, stack } from './shared-stack.ts';

describe('request smuggling', () => {
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
  const shapes = (host: string): Readonly<Record<string, string>> => ({
    'length and chunks': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'chunks and length': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nContent-Length: ${smuggled.length + 5}\r\n\r\n0\r\n\r\n${smuggled}`,
    'two lengths': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    'a list of lengths': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0, ${smuggled.length}\r\n\r\n${smuggled}`,
    'a signed length': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nContent-Length: +0\r\n\r\n${smuggled}`,
    'chunks that are none': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: xchunked\r\n\r\n${smuggled}`,
    'chunks twice': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
    'a space before the colon': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nContent-Length : ${smuggled.length}\r\n\r\n${smuggled}`,
    'a folded header': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nX: a\r\n Transfer-Encoding: chunked\r\nContent-Length : 0\r\n\r\n${smuggled}`,
    'line feeds alone': `POST /ingest/ghost HTTP/1.1\nHost: ${host}\nContent-Length: 0\nTransfer-Encoding: chunked\n\n0\n\n${smuggled}`,
    'a size of a chunk that overflows': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff0\r\n${smuggled}`,
    'a chunk extension with a line feed': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n0;\nx\r\n\r\n${smuggled}`,
    'NUL in a header': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n${smuggled}`,
  });

  test.each(ports)('the %s port never reads one request as two', async (port) => {
    for (const [name, request] of Object.entries(shapes(stack.host(port)))) {
      // Read to the end of the connection: the server closed it after one answer.
      const { statuses } = await stack.raw(port, request);
      expect([name, onlyOf(statuses, 400, 403)]).toEqual([name, 'held']);
    }
  });

  test('a path or a parameter cannot split a header', async () => {
    for (const target of [
      '/latest%0d%0aX-Split:%20yes',
      '/feeds/latest.json?limit=5%0d%0aX-Split:%20yes',
      '/section/%0d%0aSet-Cookie:x=1',
      '/articles/aaaaaaaaaaaaaaaa/%0d%0aX-Split:1/',
    ]) {
      const { text } = await stack.ask('edge', target);
      expect(text.split('\r\n\r\n')[0]).not.toMatch(/^(?:x-split|set-cookie)/im);
    }
  });
});
