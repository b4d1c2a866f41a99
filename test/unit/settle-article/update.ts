import { describe, expect, test } from '@jest/globals';
import { noon } from '../story.ts';
import { path, versionOf, StoredArticle } from './stored-article.ts';

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
