import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { isStripped } from '../../../shared/article/erasure.ts';
import { versionKey } from '../../../shared/article/version.ts';
import { bridge, harbour, versionOf, holdOf, StoredArticle } from './stored-article.ts';

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
