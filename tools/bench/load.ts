import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import autocannon from 'autocannon';
import { spreadOf, type Spread } from './finding.ts';

/** So long a server is asked before anybody counts: functions of each kind run in sixteen threads, which have all to warm up. */
const warmSeconds = 2;

interface Load {
  readonly seconds: number;
  readonly connections?: number;
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
  /** Called when the counting begins. */
  readonly warm?: () => void;
}

/** Requests a second, counted each second by clients in a thread of their own. */
export async function load(
  url: string,
  { seconds, connections = 16, method = 'GET', body, warm = () => undefined }: Load,
): Promise<Spread> {
  const asked = async (duration: number): Promise<number> => {
    const result = await autocannon({
      url,
      connections,
      duration,
      workers: 1,
      method,
      ...(body !== undefined && { body }),
    });
    if (result.non2xx > 0 || result.errors > 0)
      throw new Error(`${url} answered ${result.non2xx} requests with an error, and ${result.errors} not at all`);
    return result['2xx'] / result.duration;
  };
  await asked(warmSeconds);
  warm();
  const counts: number[] = [];
  for (let second = 0; second < seconds; second += 1) counts.push(await asked(1));
  return spreadOf(counts);
}

/** The maximum of this machine: a server that answers every request with the same number of bytes. */
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
