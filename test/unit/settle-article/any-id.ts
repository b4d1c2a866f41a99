import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { frontIdOf } from '../../../shared/front/front.ts';
import { picturePartition } from '../../../shared/picture/picture.ts';
import { settleAny } from '../../../shared/article/settle-article.ts';
import { noon } from '../story.ts';
import { bridge, versionOf, holdOf, StoredArticle } from './stored-article.ts';

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
