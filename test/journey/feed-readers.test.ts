import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import RssParser from 'rss-parser';
import { story } from '../unit/story.ts';
import { Newsroom } from './newsroom.ts';

/** What a feed reader holds: each item's id and title, in no order. */
type Held = Readonly<Record<string, string>>;

interface FeedReader {
  /** Fetches the feed and says what it holds then. */
  read(url: string): Promise<Held>;
  close(): Promise<void>;
}

/** Keeps what it has seen, by guid, as readers do; a guid that comes twice in one document is a fault. */
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
    await promisify(execFile)('newsboat', ['-u', file('urls'), '-c', file('cache.db'), '-C', file('config'), '-x', 'reload'], {
      env: { ...process.env, HOME: this.#home, LC_ALL: 'C.UTF-8' },
    });
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

beforeAll(async () => {
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });
});

afterAll(async () => newsroom.close());

/** A story is published, revised, and withdrawn while another comes: no reader repeats or loses an item. */
async function journey(name: string, reader: FeedReader): Promise<void> {
  const feed = `topic/${name}`;
  const uri = (n: number): string => `urn:reader:${name}:${n}`;
  const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const item = (n: number, headline: string, minutes: number): object =>
    story({ uri: uri(n), versionCreated: minutesAgo(minutes), headlines: [{ value: headline }], subjects: [{ name }] });
  const url = (format: string): string => `${newsroom.stack.edgeUrl}/feeds/${feed}.${format}`;
  const shows = async (wanted: readonly number[]): Promise<void> =>
    newsroom.until(
      `${feed} shows ${wanted.join(', ')}`,
      async () => JSON.stringify((await newsroom.uris(feed)).sort()) === JSON.stringify(wanted.map(uri)),
    );
  try {
    for (const format of ['rss', 'atom']) {
      // Each format starts over, with stories of its own.
      const base = format === 'rss' ? 0 : 10;
      const [one, two, three] = [base + 1, base + 2, base + 3];
      const before = format === 'rss' ? [] : [1, 3];
      await newsroom.put('article.published', item(one, 'One', 30));
      await newsroom.put('article.published', item(two, 'Two', 20));
      await shows([...before, one, two].sort((a, b) => a - b));
      const first = await reader.read(url(format));
      expect(first).toMatchObject({ [uri(one)]: 'One', [uri(two)]: 'Two' });

      await newsroom.put('article.updated', item(one, 'One, revised', 10), { path: `/readers/${name}/moved-${one}` });
      await newsroom.until('the revision shows', async () =>
        (await (await newsroom.get(`/feeds/${feed}.${format}`)).text()).includes('One, revised'),
      );
      const second = await reader.read(url(format));
      // The same items as before: a new headline and a new address make no new one.
      expect(Object.keys(second).sort()).toEqual(Object.keys(first).sort());

      await newsroom.put('article.unpublished', { uri: uri(two), versionCreated: minutesAgo(5) });
      await newsroom.put('article.published', item(three, 'Three', 1));
      await shows([...before, one, three].sort((a, b) => a - b));
      const third = await reader.read(url(format));
      expect(third).toMatchObject({ [uri(one)]: 'One, revised', [uri(three)]: 'Three' });
      // Nothing that was held is held twice, whatever a reader does with what was withdrawn.
      expect(Object.keys(third).filter((id) => ![...Object.keys(first), uri(three)].includes(id))).toEqual([]);
      if (format === 'atom') {
        expect(await (await newsroom.get(`/feeds/${feed}.atom`)).text()).toContain(`ref="${uri(two)}"`);
      }
      const { status, headers } = await newsroom.get(`/feeds/${feed}.${format}`);
      expect(status).toBe(200);
      expect((await newsroom.get(`/feeds/${feed}.${format}`, { 'if-none-match': headers.get('etag') ?? '' })).status).toBe(304);
    }
  } finally {
    await reader.close();
  }
}

test('rss-parser neither repeats nor loses an item', async () => {
  await journey('npm', new NpmReader());
});

const hasNewsboat = spawnSync('newsboat', ['--version']).status === 0;
if (hasNewsboat)
  test('newsboat neither repeats nor loses an item', async () => {
    await journey('newsboat', await Newsboat.open());
  });
else test.skip('newsboat neither repeats nor loses an item (skipped: newsboat is not installed)', () => undefined);
