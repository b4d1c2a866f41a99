import { describe, expect, test } from '@jest/globals';
import { CmsSilent } from '../../../functions/sweep/sweep.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import type { CmsApi } from '../../../shared/cms/ports.ts';
import { directusItem, ghostPost, ghostPublished } from '../../fixtures/cms/newsroom.ts';
import { Newsroom } from './newsroom.ts';

describe('a uri that another source put on the bus', () => {
  const foreign = [
    'ghost:main/../../../admin/users',
    'ghost:main/g1],visibility:[paid',
    'ghost:main/..',
    'ghost:main/g1?x=#',
  ];

  test('is not put into a request to the CMS, is counted, and does not keep others from being checked', async () => {
    const newsroom = new Newsroom({ ghost: [ghostPost('g2')] });
    for (const body of [ghostPublished(ghostPost('g1')), ghostPublished(ghostPost('g2'))])
      await newsroom.hear({ source: 'ghost', body });
    const { articles } = newsroom.pipeline;
    const [head] = articles.heads.values();
    const stored = head && [...(articles.versions.get(head.articleId)?.values() ?? [])][0];
    if (!head || !stored) throw new Error('nothing is stored');
    // As it is in tables that were written before such uris were rejected.
    for (const uri of foreign) {
      const articleId = articleIdOf(uri);
      await articles.putVersion({
        ...stored,
        articleId,
        content: { ...stored.content, article: { ...stored.content.article, uri }, path: undefined },
      });
      await newsroom.pipeline.wake(articleId);
    }
    expect(Object.keys(newsroom.live())).toEqual(expect.arrayContaining(foreign));
    newsroom.cms.asked.length = 0;
    expect(await newsroom.sweep('ghost')).toMatchObject({ ignored: foreign.length, withdrawn: 1 });
    expect(newsroom.cms.asked.filter((url) => !new URL(url).pathname.startsWith('/ghost/api/content/'))).toEqual([]);
    expect(newsroom.cms.asked.join()).not.toMatch(/admin|paid/);
    expect(Object.keys(newsroom.live())).not.toContain('ghost:main/g1');
  });

  test('with an id that the CMS rejects does not keep others from being checked', async () => {
    const newsroom = new Newsroom({ directus: [directusItem('2')] });
    for (const id of ['1', '2', '3', 'text']) await newsroom.hear({ source: 'directus', body: directusItem(id) });
    const strict: CmsApi = {
      ask: async (request) =>
        decodeURIComponent(request.url).includes('text')
          ? { status: 400, headers: {}, body: { errors: [{ extensions: { code: 'INVALID_QUERY' } }] } }
          : newsroom.cms.ask(request),
    };
    expect(await newsroom.sweep('directus', {}, strict)).toMatchObject({ ignored: 1, withdrawn: 2 });
    expect(Object.keys(newsroom.live()).sort()).toEqual(['directus:main/2', 'directus:main/text']);
  });

  test.each([400, 401, 429, 500, 503])(
    'a CMS that answers %d to every request is not asked about each story separately',
    async (status) => {
      const newsroom = new Newsroom({ directus: [] });
      for (const id of ['1', '2', '3']) await newsroom.hear({ source: 'directus', body: directusItem(id) });
      const down: CmsApi = {
        ask: async (request) =>
          request.url.includes('_in') ? { status, headers: {}, body: undefined } : newsroom.cms.ask(request),
      };
      await expect(newsroom.sweep('directus', {}, down)).rejects.toThrow(CmsSilent);
      expect(Object.keys(newsroom.live())).toHaveLength(3);
    },
  );
});
