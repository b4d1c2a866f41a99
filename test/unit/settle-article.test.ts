import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import { isStripped } from '../../shared/article/erasure.ts';
import { frontIdOf } from '../../shared/front/front.ts';
import type { Head } from '../../shared/article/head.ts';
import { MemoryArticles, MemoryFronts, MemoryPictures } from '../fakes/memory-articles.ts';
import { MemoryClock, MemorySettleSchedule } from '../fakes/memory-messages.ts';
import { picturePartition } from '../../shared/picture/picture.ts';
import type { PathOwner } from '../../shared/article/ports.ts';
import { settleAny, settleArticle } from '../../shared/article/settle-article.ts';
import { versionKey, type Hold, type Version } from '../../shared/article/version.ts';
import { noon, story } from './story.ts';

const [bridge, harbour] = ['urn:bridge', 'urn:harbour'] as const;
const path = '/news/bridge';

interface Sketch {
  readonly uri?: string;
  /** Seconds after noon. */
  readonly at?: number;
  readonly claims?: string;
  readonly more?: Partial<Version>;
  readonly article?: Record<string, unknown>;
}

function versionOf({ uri = bridge, at = 0, claims, more, article }: Sketch = {}): Version {
  const versionCreated = noon + at * 1000;
  return {
    articleId: articleIdOf(uri),
    versionCreated,
    revision: 0,
    receivedAt: versionCreated,
    digest: `${uri} ${at} ${JSON.stringify(more ?? {})}`,
    status: 'usable',
    content: {
      event: 'article.published',
      article: { ...story({ ...article, uri, versionCreated: new Date(versionCreated).toISOString() }) },
      ...(claims !== undefined && { path: claims }),
    },
    ...more,
  };
}

function holdOf(kind: Hold['kind'], at: number, more: Partial<Hold> = {}): Hold {
  return {
    articleId: articleIdOf(bridge),
    uri: bridge,
    kind,
    receivedAt: noon + at * 1000,
    digest: `${kind} ${at}`,
    ...more,
  };
}

class StoredArticle {
  readonly articles = new MemoryArticles();
  readonly fronts = new MemoryFronts();
  readonly pictures = new MemoryPictures();
  readonly settleSchedule = new MemorySettleSchedule();
  readonly clock = new MemoryClock(noon + 60_000);

  async put(...versions: readonly Version[]): Promise<void> {
    for (const version of versions) await this.articles.putVersion(version);
  }

  async settle(uri: string = bridge): Promise<Head | undefined> {
    await settleArticle(this, articleIdOf(uri));
    return this.articles.head(articleIdOf(uri));
  }

  /** Publishes a story that claims the path. */
  async publish(uri: string, at: number, claims = path, source?: string): Promise<Head | undefined> {
    const version = versionOf({ uri, at, claims });
    await this.put({ ...version, content: { ...version.content, source } });
    return this.settle(uri);
  }

  head(uri: string): Head | undefined {
    return this.articles.heads.get(articleIdOf(uri));
  }

  async withdraw(uri: string, at: number): Promise<Head | undefined> {
    await this.put(versionOf({ uri, at, more: { status: 'canceled' } }));
    return this.settle(uri);
  }

  owner(): Promise<PathOwner | undefined> {
    return this.articles.pathOwner(path);
  }
}

describe('settling any id', () => {
  test('settles a front by its name, also one with line feeds', async () => {
    const stored = new StoredArticle();
    const front = { name: 'home', versionCreated: '2026-05-01T12:00:00Z', containers: [] };
    await stored.fronts.putVersion({
      ...versionOf(),
      articleId: frontIdOf('home'),
      content: { event: 'front.published', front },
    });
    await settleAny(stored, 'front#home');
    await settleAny(stored, 'front#home');
    expect(
      stored.fronts.stream.map(({ new: head }) => [head?.name, head?.visibility, head?.change, head?.seq]),
    ).toEqual([['home', 'live', 'live', noon + 60_000]]);
    expect([stored.articles.stream, stored.pictures.stream]).toEqual([[], []]);
    await settleAny(stored, 'front#none\nof this name');
    expect(stored.fronts.stream).toHaveLength(1);
  });

  test('settles a picture by its id: it is on the list while it is held', async () => {
    const stored = new StoredArticle();
    const of = picturePartition('p');
    await stored.articles.putHold(holdOf('held', 0, { articleId: of }));
    await settleAny(stored, of);
    await settleAny(stored, of);
    expect(stored.pictures.list).toMatchObject({ seq: noon + 60_000, ids: new Set(['p']) });
    expect(stored.pictures.stream).toHaveLength(1);
    await stored.articles.putHold(holdOf('unheld', 1, { articleId: of }));
    await settleAny(stored, of);
    expect(stored.pictures.list.ids).toEqual(new Set());
    expect(stored.articles.stream).toEqual([]);
  });

  test.each(['a front#home', 'a picture#p', articleIdOf(bridge)])(
    'settles an article, also one called %s',
    async (articleId) => {
      const stored = new StoredArticle();
      await stored.put(versionOf({ more: { articleId } }));
      await settleAny(stored, articleId);
      expect([...stored.articles.heads.keys()]).toEqual([articleId]);
    },
  );

  test('writes nothing if nothing is stored', async () => {
    const stored = new StoredArticle();
    expect(await stored.settle()).toBeUndefined();
    await stored.articles.putHold(holdOf('held', 0));
    expect(await stored.settle()).toBeUndefined();
    expect([stored.articles.stream, stored.settleSchedule.calls]).toEqual([[], []]);
  });
});

describe('a head', () => {
  test('has a higher seq after each change, even if the clock stops or goes back', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf());
    expect(await stored.settle()).toMatchObject({ seq: noon + 60_000, settledAt: noon + 60_000, change: 'live' });
    await stored.put(versionOf({ at: 1 }));
    expect(await stored.settle()).toMatchObject({ seq: noon + 60_001, settledAt: noon + 60_000, change: 'revised' });
    stored.clock.time = noon + 10_000;
    await stored.put(versionOf({ at: 2 }));
    expect(await stored.settle()).toMatchObject({ seq: noon + 60_002, settledAt: noon + 60_000, change: 'revised' });
    stored.clock.time = noon + 90_000;
    await stored.put(versionOf({ at: 3, more: { status: 'canceled' } }));
    expect(await stored.settle()).toMatchObject({
      seq: noon + 90_000,
      settledAt: noon + 90_000,
      change: 'withdrawn',
      visibility: 'gone',
    });
    expect(stored.articles.stream).toHaveLength(4);
  });

  test('with a card of another release is rewritten only by the next version', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf());
    const head = await stored.settle();
    const older = { ...head, card: { ...head?.card, headline: 'As an earlier release cut it' } } as Head;
    stored.articles.heads.set(older.articleId, older);
    expect(await stored.settle()).toEqual(older);
    await stored.put(versionOf({ at: 1 }));
    expect((await stored.settle())?.card?.headline).toBe(head?.card?.headline);
  });

  test('with a wrong path or audio in its card is rewritten', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf());
    const head = await stored.settle();
    const wrong = { ...head, card: { ...head?.card, path: '/elsewhere' } } as Head;
    stored.articles.heads.set(wrong.articleId, wrong);
    expect((await stored.settle())?.card?.path).toBe(head?.card?.path);
  });

  test('has the origin of its version, and no other part of it', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf({ more: { origin: { correlationId: 'c1' } } }));
    expect((await stored.settle())?.origin).toStrictEqual({ correlationId: 'c1' });
    await stored.put(versionOf({ at: 1, more: { origin: { correlationId: 'c2', replay: 'may' } } }));
    expect((await stored.settle())?.origin).toStrictEqual({ correlationId: 'c2', replay: 'may' });
    await stored.put(versionOf({ at: 2 }));
    const head = await stored.settle();
    expect(head?.origin).toBeUndefined();
  });

  test('is read again if another writer was faster', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf());
    const { articles } = stored;
    const writeHead = articles.writeHead.bind(articles);
    let others = 2;
    articles.writeHead = async (head, previous): Promise<boolean> => {
      if (others > 0) {
        others -= 1;
        await stored.put(versionOf({ at: 10 - others, article: { headlines: [{ value: `Edit ${others}` }] } }));
        await writeHead({ ...head, seq: head.seq + 5 }, previous);
      }
      return writeHead(head, previous);
    };
    expect((await stored.settle())?.card?.headline).toBe('Edit 0');
  });

  test('does not change under a hold, and keeps the version that readers saw', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf());
    const { version, versionCreated } = (await stored.settle()) ?? {};
    await stored.articles.putHold(holdOf('held', 1));
    for (const update of [versionOf({ at: 2 }), versionOf({ at: 3, claims: path }), versionOf({ at: 4 })]) {
      await stored.put(update);
      expect(await stored.settle()).toMatchObject({ visibility: 'gone', version, versionCreated });
    }
    expect(stored.articles.stream).toHaveLength(2);
    await stored.articles.putHold(holdOf('unheld', 5));
    expect(await stored.settle()).toMatchObject({ visibility: 'live', version: versionKey(versionOf({ at: 4 })) });
  });

  test.each(['withheld', 'canceled'] as const)('that is %s again is not written again', async (status) => {
    const stored = new StoredArticle();
    for (const version of [
      versionOf(),
      versionOf({ at: 1, more: { status } }),
      versionOf({ at: 2, more: { status } }),
    ]) {
      await stored.put(version);
      await stored.settle();
    }
    expect(stored.articles.stream).toHaveLength(2);
  });

  test('has a scheduled settle at the end of an embargo, and none otherwise', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf());
    await stored.settle();
    expect(stored.settleSchedule.calls).toEqual([]);
    await stored.put(versionOf({ at: 1, more: { embargoedUntil: noon + 3_600_000 } }));
    await stored.settle();
    await stored.settle();
    expect(stored.settleSchedule.calls).toEqual(
      [1, 2].map(() => ({ articleId: articleIdOf(bridge), instant: noon + 3_600_000 })),
    );
  });
});

describe('a path', () => {
  test('belongs to the first article that claims it, and a rival is at its default path', async () => {
    const stored = new StoredArticle();
    expect(await stored.publish(bridge, 0)).toMatchObject({ path });
    const clash = await stored.publish(harbour, 1);
    expect(clash).toMatchObject({ pathClash: path, path: expect.stringMatching(/^\/articles\//) as unknown });
    expect(await stored.owner()).toEqual({ path, articleId: articleIdOf(bridge), rivals: [articleIdOf(harbour)] });
  });

  test('goes to its rival as soon as its owner is withdrawn or moves', async () => {
    for (const leave of [
      async (stored: StoredArticle): Promise<unknown> => stored.withdraw(bridge, 2),
      async (stored: StoredArticle): Promise<unknown> => stored.publish(bridge, 2, '/news/elsewhere'),
    ]) {
      const stored = new StoredArticle();
      await stored.publish(bridge, 0);
      await stored.publish(harbour, 1);
      await leave(stored);
      expect(stored.head(harbour)).toMatchObject({ path, pathTakenFrom: articleIdOf(bridge) });
      expect(stored.head(harbour)?.pathClash).toBeUndefined();
      expect(await stored.owner()).toEqual({ path, articleId: articleIdOf(harbour), takenFrom: articleIdOf(bridge) });
    }
  });

  test('can be claimed by another article once its owner has moved', async () => {
    const stored = new StoredArticle();
    await stored.publish(bridge, 0);
    expect(await stored.publish(bridge, 1, '/news/elsewhere')).toMatchObject({ path: '/news/elsewhere' });
    expect(await stored.publish(harbour, 2)).toMatchObject({ path, pathTakenFrom: articleIdOf(bridge) });
    expect(await stored.settle(bridge)).toMatchObject({ path: '/news/elsewhere' });
  });

  const elsewhere = '/news/elsewhere';
  const exchange = [
    [bridge, 0, path],
    [harbour, 1, elsewhere],
    [bridge, 2, elsewhere],
    [harbour, 3, path],
  ] as const;
  const orders = [0, 1, 2, 3].flatMap((a) =>
    [0, 1, 2, 3].flatMap((b) =>
      [0, 1, 2, 3].flatMap((c) =>
        [0, 1, 2, 3].flatMap((d) => (new Set([a, b, c, d]).size === 4 ? [[a, b, c, d]] : [])),
      ),
    ),
  );
  test.each(orders)('is exchanged by two articles in every order of arrival: %d %d %d %d', async (...order) => {
    const stored = new StoredArticle();
    for (const n of order) {
      const [uri, at, claims] = exchange[n] ?? exchange[0];
      await stored.publish(uri, at, claims);
    }
    expect([stored.head(bridge)?.path, stored.head(harbour)?.path]).toEqual([elsewhere, path]);
  });

  test('is passed round among three articles', async () => {
    const stored = new StoredArticle();
    const names = ['urn:a', 'urn:b', 'urn:c'];
    for (const [n, uri] of names.entries()) await stored.publish(uri, n, `/news/${n}`);
    for (const [n, uri] of names.entries()) await stored.publish(uri, 10 + n, `/news/${(n + 1) % 3}`);
    expect(names.map((uri) => stored.head(uri)?.path)).toEqual(['/news/1', '/news/2', '/news/0']);
  });

  test('stays with an article under a hold, and is free once the article is erased', async () => {
    const stored = new StoredArticle();
    await stored.publish(bridge, 0);
    await stored.articles.putHold(holdOf('held', 1));
    await stored.settle(bridge);
    expect(await stored.publish(harbour, 2)).toMatchObject({ pathClash: path });
    await stored.articles.putHold(holdOf('unheld', 3));
    expect(await stored.settle(bridge)).toMatchObject({ visibility: 'live', path });
    await stored.articles.putHold(holdOf('held', 4));
    await stored.settle(bridge);
    await stored.articles.putHold(holdOf('erased', 5));
    await stored.settle(bridge);
    expect(stored.head(harbour)).toMatchObject({ path });
  });

  test.each([
    ['another source', 'agency', false],
    ['its own source', 'cms.ghost', true],
    ['operators', 'pressrun-cli', true],
  ])('of a withdrawn article is claimed by %s', async (_, source, isGiven) => {
    const stored = new StoredArticle();
    await stored.publish(bridge, 0, path, 'cms.ghost');
    await stored.withdraw(bridge, 1);
    expect((await stored.publish(harbour, 2, path, source))?.path === path).toBe(isGiven);
  });

  test.each([4, 7, 11])('left by one of %d articles that claimed each other’s paths costs few reads', async (n) => {
    const stored = new StoredArticle();
    const numbers = Array.from({ length: n }, (_, number) => number);
    let at = 0;
    for (const i of numbers) await stored.publish(`urn:first:${i}`, (at += 1), `/news/${i}`);
    for (const j of [...numbers, ...numbers])
      for (const i of numbers) await stored.publish(`urn:next:${i}`, (at += 1), `/news/${(i + j) % n}`);
    for (const i of numbers) await stored.publish(`urn:next:${i}`, (at += 1), `/news/${i}`);
    for (const i of numbers) await stored.withdraw(`urn:first:${i}`, (at += 1));
    expect(numbers.map((i) => stored.head(`urn:next:${i}`)?.path)).toEqual(numbers.map((i) => `/news/${i}`));
    const { articles } = stored;
    const open = articles.open.bind(articles);
    let opened = 0;
    articles.open = async (articleId): ReturnType<typeof open> => {
      opened += 1;
      if (opened > 100) throw new Error('too many reads');
      return open(articleId);
    };
    for (const i of numbers) {
      opened = 0;
      await stored.withdraw(`urn:next:${i}`, (at += 1));
      expect(opened).toBeLessThanOrEqual(12);
    }
  });

  test('has at most ten rivals, the latest ones', async () => {
    const stored = new StoredArticle();
    await stored.publish(bridge, 0);
    for (let n = 1; n <= 12; n += 1) await stored.publish(`urn:rival:${n}`, n);
    await stored.withdraw(bridge, 20);
    expect(stored.head('urn:rival:3')).toMatchObject({ path });
    expect((await stored.owner())?.rivals).toHaveLength(9);
  });

  test('goes to its rival after a crash between the rival’s claim and its head', async () => {
    const stored = new StoredArticle();
    await stored.publish(bridge, 0);
    await stored.publish(harbour, 1);
    const { articles } = stored;
    const claimPath = articles.claimPath.bind(articles);
    articles.claimPath = async (owner, previous): Promise<boolean> => {
      articles.claimPath = claimPath;
      await claimPath(owner, previous);
      throw new Error('crashed');
    };
    await expect(stored.withdraw(bridge, 2)).rejects.toThrow('crashed');
    expect(stored.head(harbour)).toMatchObject({ pathClash: path });
    await stored.settle(bridge);
    expect(stored.head(harbour)).toMatchObject({ path });
  });

  test('goes to its rival after a crash between the owner’s head and its rivals', async () => {
    const stored = new StoredArticle();
    await stored.publish(bridge, 0);
    await stored.publish(harbour, 1);
    const { articles } = stored;
    const writeHead = articles.writeHead.bind(articles);
    articles.writeHead = async (head, previous): Promise<boolean> => {
      articles.writeHead = writeHead;
      await writeHead(head, previous);
      throw new Error('crashed');
    };
    await expect(stored.withdraw(bridge, 2)).rejects.toThrow('crashed');
    expect(stored.head(harbour)).toMatchObject({ pathClash: path });
    await stored.settle(bridge);
    expect(stored.head(harbour)).toMatchObject({ path });
  });

  test('is not claimed by an article that is not visible, nor by a version without a path', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf({ claims: path, more: { embargoedUntil: noon + 3_600_000 } }));
    await stored.settle();
    expect(await stored.owner()).toBeUndefined();
    await stored.put(versionOf({ at: 5 }));
    expect((await stored.settle())?.pathClash).toBeUndefined();
    expect(stored.articles.owners.size).toBe(0);
  });

  test('is claimed once, and later settles of its owner do not write', async () => {
    const stored = new StoredArticle();
    await stored.publish(bridge, 0);
    await stored.withdraw(bridge, 1);
    await stored.publish(harbour, 2);
    const { articles } = stored;
    const owner = await stored.owner();
    articles.claimPath = (): Promise<boolean> => Promise.reject(new Error('it was claimed again'));
    expect(await stored.settle(harbour)).toMatchObject({ path, pathTakenFrom: articleIdOf(bridge) });
    expect(await stored.owner()).toEqual(owner);
  });

  test('goes back to an owner that is live again meanwhile', async () => {
    const stored = new StoredArticle();
    await stored.publish(bridge, 0);
    await stored.withdraw(bridge, 1);
    const { articles } = stored;
    const claimPath = articles.claimPath.bind(articles);
    articles.claimPath = async (owner, previous): Promise<boolean> => {
      articles.claimPath = claimPath;
      const taken = await claimPath(owner, previous);
      // Its head was on the way: it says that the path is its own.
      const head = await articles.head(articleIdOf(bridge));
      if (!head) throw new Error('no head');
      await articles.writeHead({ ...head, visibility: 'live', path, seq: head.seq + 1 }, head.seq);
      return taken;
    };
    expect(await stored.publish(harbour, 2)).toMatchObject({ pathClash: path });
    expect(await stored.owner()).toEqual({
      path,
      articleId: articleIdOf(bridge),
      takenFrom: articleIdOf(harbour),
      rivals: [articleIdOf(harbour)],
    });
  });

  test('stays with the new owner if the previous one is live again at another path', async () => {
    const stored = new StoredArticle();
    await stored.publish(bridge, 0);
    await stored.withdraw(bridge, 1);
    await stored.publish(harbour, 2);
    await stored.put(versionOf({ at: 3, claims: '/news/elsewhere' }));
    expect(await stored.settle()).toMatchObject({ path: '/news/elsewhere' });
    expect(await stored.settle(harbour)).toMatchObject({ path, pathTakenFrom: articleIdOf(bridge) });
  });

  test('is read again if another article was faster', async () => {
    const stored = new StoredArticle();
    const { articles } = stored;
    const claimPath = articles.claimPath.bind(articles);
    articles.claimPath = async (owner, previous): Promise<boolean> => {
      articles.claimPath = claimPath;
      await stored.publish(harbour, 0);
      return claimPath(owner, previous);
    };
    expect(await stored.publish(bridge, 1)).toMatchObject({ pathClash: path });
    expect((await stored.owner())?.articleId).toBe(articleIdOf(harbour));
  });
});

describe('an update without a path', () => {
  const elsewhere = '/news/elsewhere';

  test.each([[[0, 1, 2, 3]], [[3, 2, 1, 0]], [[2, 0, 3, 1]]])(
    'leaves the article at the path of the version below, in any order of arrival: %j',
    async (order) => {
      const stored = new StoredArticle();
      const versions = [
        versionOf({ claims: path }),
        versionOf({ at: 1 }),
        versionOf({ at: 2, claims: elsewhere }),
        versionOf({ at: 3 }),
      ];
      for (const n of order) {
        await stored.put(...versions.slice(n, n + 1));
        await stored.settle();
      }
      expect(await stored.settle()).toMatchObject({ path: elsewhere });
      expect((await stored.settle())?.pathClash).toBeUndefined();
    },
  );

  test('ignores the path of a version whose embargo it ended, and of a withdrawal', async () => {
    const stored = new StoredArticle();
    await stored.put(
      versionOf({ claims: path }),
      versionOf({ at: 1, claims: elsewhere, more: { embargoedUntil: noon + 3_600_000 } }),
      versionOf({ at: 2, claims: '/news/gone', more: { status: 'canceled' } }),
      versionOf({ at: 3 }),
    );
    expect(await stored.settle()).toMatchObject({ visibility: 'live', path });
  });

  test('keeps the default path of the first headline if no version has a path', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf());
    const first = await stored.settle();
    await stored.put(versionOf({ at: 1, article: { headlines: [{ value: 'Corrected' }] } }));
    expect(await stored.settle()).toMatchObject({ path: first?.path, card: { headline: 'Corrected' } });
  });
});

describe('an erasure', () => {
  test('removes the text of every version, once each, and of no other article', async () => {
    const stored = new StoredArticle();
    await stored.put(
      versionOf(),
      versionOf({ at: 1 }),
      versionOf({ at: 2 }),
      versionOf({ at: 3 }),
      versionOf({ uri: harbour }),
    );
    await stored.settle();
    await stored.articles.putHold(holdOf('erased', 10));
    const stripped: string[] = [];
    const strip = stored.articles.strip.bind(stored.articles);
    stored.articles.strip = async (version): Promise<void> => {
      stripped.push(versionKey(version));
      await strip(version);
    };
    expect(await stored.settle()).toMatchObject({ visibility: 'gone' });
    await stored.settle();
    expect(new Set(stripped).size).toBe(4);
    expect(stripped).toHaveLength(4);
    const contents = (uri: string): boolean[] =>
      [...(stored.articles.versions.get(articleIdOf(uri))?.values() ?? [])].map(({ content }) => isStripped(content));
    expect(contents(bridge)).toEqual([true, true, true, true]);
    await stored.settle(harbour);
    expect(contents(harbour)).toEqual([false]);
  });

  test('differs from a hold, which keeps the text', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf());
    await stored.articles.putHold(holdOf('held', 10));
    await stored.settle();
    expect(
      [...(stored.articles.versions.get(articleIdOf(bridge))?.values() ?? [])].map(({ content }) =>
        isStripped(content),
      ),
    ).toEqual([false]);
  });
});

describe('the origin of a head', () => {
  const [replayed, event] = [{ correlationId: 'lost', replay: 'may' }, { correlationId: 'known' }];

  test('is the replay that first brought its version, even if the event itself arrives later', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf({ more: { origin: replayed } }));
    expect(await stored.settle()).toMatchObject({ change: 'live', origin: replayed });
    await stored.put(versionOf({ more: { origin: event } }));
    expect(await stored.settle()).toMatchObject({ origin: replayed });
    expect(stored.articles.stream).toHaveLength(1);
  });

  test('is the hold, then the end of the hold, then a version received later than both', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf({ more: { origin: event } }));
    await stored.settle();
    await stored.articles.putHold(holdOf('held', 10, { origin: { correlationId: 'hold' } }));
    expect(await stored.settle()).toMatchObject({ visibility: 'gone', origin: { correlationId: 'hold' } });
    await stored.put(versionOf({ at: 20, more: { origin: replayed } }));
    expect(await stored.settle()).toMatchObject({ visibility: 'gone', origin: { correlationId: 'hold' } });
    await stored.articles.putHold(holdOf('unheld', 30, { origin: { correlationId: 'end' } }));
    expect(await stored.settle()).toMatchObject({ visibility: 'live', origin: { correlationId: 'end' } });
    await stored.put(versionOf({ at: 40, more: { origin: replayed } }));
    expect(await stored.settle()).toMatchObject({ visibility: 'live', origin: replayed });
  });

  test('is still that of its version when the clock takes it out of lists', async () => {
    const stored = new StoredArticle();
    await stored.put(
      versionOf({ article: { expires: new Date(noon + 120_000).toISOString() }, more: { origin: replayed } }),
    );
    await stored.settle();
    stored.clock.time = noon + 120_000;
    expect(await stored.settle()).toMatchObject({ feeds: [], origin: replayed });
  });
});
