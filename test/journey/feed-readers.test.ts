import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import RssParser from 'rss-parser';
import { story } from '../unit/story.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

/** The items of a feed reader: each id with its title. */
type Held = Readonly<Record<string, string>>;

interface FeedReader {
  /** Fetches the feed and returns the items that the reader holds then. */
  read(url: string): Promise<Held>;
  close(): Promise<void>;
}

/** Keeps items by guid, as readers do. A guid that occurs twice in one document is an error. */
class NpmReader implements FeedReader {
  readonly #parser = new RssParser();
  readonly #held: Record<string, string> = {};

  async read(url: string): Promise<Held> {
    const { items } = await this.#parser.parseURL(url);
    const ids = items.map((item) => item.guid ?? (item as { id?: string }).id ?? '');
    expect(new Set(ids).size).toBe(ids.length);
    for (const [index, id] of ids.entries()) this.#held[id] = items[index]?.title ?? '';
    return { ...this.#held };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Newsboat as Debian packs it, with its own cache. */
class Newsboat implements FeedReader {
  readonly #home: string;

  private constructor(home: string) {
    this.#home = home;
  }

  static async open(): Promise<Newsboat> {
    return new Newsboat(await mkdtemp(join(tmpdir(), 'pressrun-newsboat-')));
  }

  async read(url: string): Promise<Held> {
    const file = (name: string): string => join(this.#home, name);
    await writeFile(file('urls'), `${url}\n`);
    await writeFile(file('config'), '');
    await promisify(execFile)(
      'newsboat',
      ['-u', file('urls'), '-c', file('cache.db'), '-C', file('config'), '-x', 'reload'],
      {
        env: { ...process.env, HOME: this.#home, LC_ALL: 'C.UTF-8' },
      },
    );
    const cache = new DatabaseSync(file('cache.db'), { readOnly: true });
    try {
      const rows = cache.prepare('SELECT guid, title FROM rss_item WHERE feedurl = ? AND deleted = 0').all(url);
      expect(new Set(rows.map(({ guid }) => guid)).size).toBe(rows.length);
      return Object.fromEntries(rows.map(({ guid, title }) => [String(guid), String(title)]));
    } finally {
      cache.close();
    }
  }

  async close(): Promise<void> {
    await rm(this.#home, { recursive: true, force: true });
  }
}

let newsroom: Newsroom;

let directory: string;

/** The requests that a hub received. The hub never answers. */
const found: string[] = [];
const hub = createServer((request, response) => {
  let form = '';
  request.on('data', (chunk: Buffer) => (form += chunk.toString()));
  request.on('end', () => {
    found.push(...new URLSearchParams(form).getAll('hub.url'));
    response.writeHead(500).end();
  });
});

beforeAll(async () => {
  hub.listen(0, '127.0.0.1');
  await once(hub, 'listening');
  directory = await mkdtemp(join(tmpdir(), 'pressrun-theme-'));
  const theme = join(directory, 'theme.json');
  const ours = JSON.parse(await readFile('infra/theme.json', 'utf8')) as object;
  await writeFile(theme, JSON.stringify({ ...ours, hub: `http://127.0.0.1:${(hub.address() as AddressInfo).port}/` }));
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0', theme, siteUrl: 'https://www.example.com' });
});

afterAll(async () => {
  await newsroom.close();
  hub.closeAllConnections();
  hub.close();
  await rm(directory, { recursive: true, force: true });
});

test('a hub is notified of a feed once it is purged; a failing hub delays nobody and is not retried for ever', async () => {
  const uri = 'urn:reader:hub';
  await newsroom.put(
    'article.published',
    story({ uri, subjects: [{ name: 'Hubs' }], versionCreated: new Date().toISOString() }),
  );
  const topic = 'https://www.example.com/feeds/topic/hubs.atom';
  await newsroom.until('the hub is notified', () => found.includes(topic));
  expect(newsroom.about(uri, 'cdn.purged')).toHaveLength(1);
  expect((await newsroom.get('/feeds/topic/hubs.atom')).headers.get('link')).toBe(
    `<http://127.0.0.1:${(hub.address() as AddressInfo).port}/>; rel="hub", <${topic}>; rel="self"`,
  );
  // If the hub's failure had failed the purge, its message would still be in the queue.
  const { QueueUrl } = await newsroom.sqs.send(new GetQueueUrlCommand({ QueueName: 'pressrun-local-purge' }));
  await newsroom.until('nothing waits for a purge', async () => {
    const { Attributes = {} } = await newsroom.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    return (
      Attributes['ApproximateNumberOfMessages'] === '0' && Attributes['ApproximateNumberOfMessagesNotVisible'] === '0'
    );
  });
  expect(newsroom.about(uri, 'cdn.purged')).toHaveLength(1);
});

/** A story is published, revised, and withdrawn while another comes: no reader repeats or loses an item. */
async function journey(name: string, format: 'rss' | 'atom', reader: FeedReader): Promise<void> {
  const feed = `topic/${name}-${format}`;
  const uri = (n: number): string => `urn:reader:${name}-${format}:${n}`;
  const item = (n: number, headline: string, minutes: number): object =>
    story({
      uri: uri(n),
      versionCreated: minutesAgo(minutes),
      headlines: [{ value: headline }],
      subjects: [{ name: `${name} ${format}` }],
    });
  const path = `/feeds/${feed}.${format}`;
  const shows = async (...texts: readonly string[]): Promise<void> =>
    newsroom.until(`${path} shows ${texts.join(', ')}`, async () => {
      const document = await (await newsroom.get(path)).text();
      return texts.every((text) =>
        text.startsWith('no ') ? !document.includes(`>${text.slice(3)}<`) : document.includes(`>${text}<`),
      );
    });
  try {
    await newsroom.put('article.published', item(1, 'One', 30));
    await newsroom.put('article.published', item(2, 'Two', 20));
    await shows('One', 'Two');
    const first = await reader.read(newsroom.stack.edgeUrl + path);
    expect(first).toEqual({ [uri(1)]: 'One', [uri(2)]: 'Two' });

    await newsroom.put('article.updated', item(1, 'One, revised', 10), { path: `/readers/${name}-${format}` });
    await shows('One, revised');
    const second = await reader.read(newsroom.stack.edgeUrl + path);
    // A new headline and a new address make no new item.
    expect(second).toEqual({ [uri(1)]: 'One, revised', [uri(2)]: 'Two' });

    await newsroom.put('article.unpublished', { uri: uri(2), versionCreated: minutesAgo(5) });
    await newsroom.put('article.published', item(3, 'Three', 1));
    await shows('no Two', 'Three');
    const { [uri(2)]: withdrawn, ...third } = await reader.read(newsroom.stack.edgeUrl + path);
    // Readers decide for themselves how to treat a withdrawal; Atom has a way to announce it.
    expect(third).toEqual({ [uri(1)]: 'One, revised', [uri(3)]: 'Three' });
    expect([undefined, 'Two']).toContain(withdrawn);
    const { headers } = await newsroom.get(path);
    expect((await newsroom.get(path, { 'if-none-match': headers.get('etag') ?? '' })).status).toBe(304);
    if (format === 'atom') expect(await (await newsroom.get(path)).text()).toContain(`ref="${uri(2)}"`);
  } finally {
    await reader.close();
  }
}

const formats = ['rss', 'atom'] as const;

test.each(formats)('rss-parser neither repeats nor loses an item: %s', async (format) => {
  await journey('npm', format, new NpmReader());
});

const hasNewsboat = spawnSync('newsboat', ['--version']).status === 0;
if (hasNewsboat)
  test.each(formats)('newsboat neither repeats nor loses an item: %s', async (format) => {
    await journey('newsboat', format, await Newsboat.open());
  });
else test.skip('newsboat neither repeats nor loses an item (skipped: newsboat is not installed)', () => undefined);
