import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import type { Head } from '../../../shared/article/head.ts';
import { versionKey } from '../../../shared/article/version.ts';
import { noon } from '../story.ts';
import { bridge, path, versionOf, holdOf, StoredArticle } from './stored-article.ts';

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
