import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { noon } from '../story.ts';
import { bridge, harbour, path, versionOf, holdOf, StoredArticle } from './stored-article.ts';

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

  test.each([
    ['the rival’s claim and its head', 'claimPath'],
    ['the owner’s head and its rivals', 'writeHead'],
  ] as const)('goes to its rival after a crash between %s', async (_, write) => {
    const stored = new StoredArticle();
    await stored.publish(bridge, 0);
    await stored.publish(harbour, 1);
    crashAfterNext(stored, write);
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

/** The next call writes, and then fails. */
function crashAfterNext({ articles }: StoredArticle, write: 'claimPath' | 'writeHead'): void {
  const written = Reflect.get(articles, write).bind(articles) as (...args: unknown[]) => Promise<boolean>;
  Reflect.set(articles, write, async (...args: unknown[]): Promise<boolean> => {
    Reflect.deleteProperty(articles, write);
    await written(...args);
    throw new Error('crashed');
  });
}
