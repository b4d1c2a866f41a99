import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { notifyHub } from '../../functions/purge/notify-hub.ts';
import { webSubHub } from '../../shared/aws/websub-hub.ts';
import { MemoryHub } from '../fakes/memory-messages.ts';
import { closeServer } from '../close-server.ts';

const siteUrl = 'https://www.example.com';
const request = (...tags: string[]): { tags: string[]; articles: [] } => ({ tags, articles: [] });

describe('the hub', () => {
  test('is notified of each feed of a flush once, in each of its formats', async () => {
    const hub = new MemoryHub();
    await notifyHub({ hub, siteUrl }, [
      request('article:a', 'feed:section:news:world', 'feed:latest'),
      request('feed:latest', 'pin:a'),
    ]);
    expect(hub.notified).toEqual(
      ['latest', 'section/news/world'].flatMap((feed) =>
        ['rss', 'atom', 'json'].map((format) => `${siteUrl}/feeds/${feed}.${format}`),
      ),
    );
  });

  test('is not notified of a page alone, and is notified of Latest News if all lists are purged', async () => {
    const hub = new MemoryHub();
    await notifyHub({ hub, siteUrl }, [request('article:a')]);
    expect(hub.notified).toEqual([]);
    await notifyHub({ hub, siteUrl }, [request('picture:a', 'feeds')]);
    expect(hub.notified[0]).toBe(`${siteUrl}/feeds/latest.rss`);
  });
});

describe('over HTTP', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(closeServer));
  });

  const hubThat = async (
    status: number,
  ): Promise<{ hub: ReturnType<typeof webSubHub>; heard: { type: string | undefined; form: URLSearchParams }[] }> => {
    const heard: { type: string | undefined; form: URLSearchParams }[] = [];
    const server = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => {
        heard.push({ type: incoming.headers['content-type'], form: new URLSearchParams(body) });
        response.writeHead(status).end('done');
      });
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { hub: webSubHub(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hub`), heard };
  };

  test('gets the form that PubSubHubbub 0.4 §7 describes, with every topic', async () => {
    const { hub, heard } = await hubThat(204);
    const topics = Array.from({ length: 130 }, (_, n) => `${siteUrl}/feeds/topic/n-${n}.rss`);
    await hub.notify(topics);
    expect(heard.map(({ type }) => type)).toEqual(
      Array.from(heard, () => 'application/x-www-form-urlencoded;charset=UTF-8'),
    );
    for (const { form } of heard) expect(form.get('hub.mode')).toBe('publish');
    expect(heard.flatMap(({ form }) => form.getAll('hub.url'))).toEqual(topics);
  });

  test.each([400, 500, 503])('that answers %i is an error', async (status) => {
    const { hub } = await hubThat(status);
    await expect(hub.notify([siteUrl])).rejects.toThrow(`the hub answered ${status}`);
  });

  test('that does not answer is an error', async () => {
    await expect(webSubHub('http://127.0.0.1:9/').notify([siteUrl])).rejects.toThrow();
  });
});
