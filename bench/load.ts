import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import autocannon from 'autocannon';
import { spreadOf, type Spread } from './finding.ts';

/** Requests a second, counted each second by clients in a thread of their own. */
export async function load(url: string, { seconds, connections = 16, method = 'GET', body }: { readonly seconds: number; readonly connections?: number; readonly method?: 'GET' | 'POST'; readonly body?: string }): Promise<Spread> {
  const counts: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const result = await autocannon({ url, connections, duration: 1, workers: 1, method, ...(body !== undefined && { body }) });
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url} answered ${result.non2xx} requests with an error, and ${result.errors} not at all`);
    counts.push(result['2xx'] / result.duration);
  }
  return spreadOf(counts);
}

/** What this machine can do at most: a server that answers so many bytes to whatever is asked. */
export async function bareServer(bytes: number, seconds: number): Promise<Spread> {
  const body = Buffer.alloc(bytes, 'x');
  const server = createServer((request, response) => {
    request.resume();
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await load(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { seconds });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
