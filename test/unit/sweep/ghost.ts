import { beforeEach, describe, expect, test } from '@jest/globals';
import { CmsSilent } from '../../../functions/sweep/sweep.ts';
import type { ApiAnswer } from '../../../shared/cms/source-api.ts';
import type { CmsApi } from '../../../shared/cms/ports.ts';
import { ghostPost, ghostPublished, type Delivery } from '../../fixtures/cms/newsroom.ts';
import { Newsroom } from './newsroom.ts';

describe('a sweep of Ghost', () => {
  const post = (id: string, overrides: Record<string, unknown> = {}): Record<string, unknown> =>
    ghostPost(id, overrides);
  const webhook = (body: Record<string, unknown>): Delivery => ({ source: 'ghost', body: ghostPublished(body) });
  let lists: { ghost: Record<string, unknown>[] };
  let newsroom: Newsroom;

  beforeEach(async () => {
    lists = { ghost: [post('g1'), post('g2')] };
    newsroom = new Newsroom(lists);
    for (const each of lists.ghost) await newsroom.hear(webhook(each));
    await newsroom.sweep('ghost');
  });

  const sendOrder = async (type: string, uri: string): Promise<void> => {
    newsroom.pipeline.clock.time += 60_000;
    await newsroom.pipeline.send(
      type,
      {
        actor: 'ada',
        article: {
          uri,
          versionCreated: new Date(newsroom.pipeline.clock.time).toISOString(),
          headlines: [{ value: 'The desk’s own' }],
        },
      },
      { source: 'pressrun-cli' },
    );
  };

  test('requests only the changes since the last sweep', async () => {
    newsroom.cms.asked.length = 0;
    await newsroom.sweep('ghost');
    expect(newsroom.cms.sinceOfGhost()).toMatch(/^2026-05-01/);
  });

  test('leaves a story withdrawn that the desk withdrew, however often it is listed', async () => {
    await sendOrder('article.unpublished', 'ghost:main/g1');
    expect((await newsroom.sweep('ghost', { wholeArchive: true })).sent).toBe(0);
    expect(Object.keys(newsroom.live())).toEqual(['ghost:main/g2']);
  });

  test('leaves a story that the desk rolled back', async () => {
    await sendOrder('article.updated', 'ghost:main/g1');
    expect((await newsroom.sweep('ghost', { wholeArchive: true })).sent).toBe(0);
    expect(newsroom.live()['ghost:main/g1']?.[0]).toBe('The desk’s own');
  });

  test('does not withdraw again a story that the CMS withdrew and the desk restored', async () => {
    lists.ghost.shift();
    expect((await newsroom.sweep('ghost')).withdrawn).toBe(1);
    await sendOrder('article.updated', 'ghost:main/g1');
    expect((await newsroom.sweep('ghost')).withdrawn).toBe(0);
    expect(Object.keys(newsroom.live()).sort()).toEqual(['ghost:main/g1', 'ghost:main/g2']);
  });

  test('withdraws an unlisted story only if a look-up says so in the CMS’s own words', async () => {
    lists.ghost.shift();
    const broken = (answer: Partial<ApiAnswer>): CmsApi => ({
      ask: async (request) =>
        /\/posts\/g1\//.test(request.url)
          ? { status: 404, headers: {}, body: undefined, ...answer }
          : newsroom.cms.ask(request),
    });
    for (const answer of [
      { body: '<html>Not Found</html>' },
      { status: 500 },
      { status: 200, body: { posts: [{}] } },
      { status: 403, body: { errors: [{ type: 'NoPermissionError' }] } },
    ]) {
      expect((await newsroom.sweep('ghost', {}, broken(answer))).withdrawn).toBe(0);
    }
    expect((await newsroom.sweep('ghost')).withdrawn).toBe(1);
    expect(Object.keys(newsroom.live())).toEqual(['ghost:main/g2']);
  });

  test('concludes nothing from an answer that is no list, and keeps its mark', async () => {
    const before = await newsroom.marks.read('ghost:main');
    const down: CmsApi = { ask: () => Promise.resolve({ status: 503, headers: {}, body: undefined }) };
    await expect(newsroom.sweep('ghost', {}, down)).rejects.toThrow(CmsSilent);
    expect((await newsroom.marks.read('ghost:main'))?.sweptAt).toBe(before?.sweptAt);
    expect(Object.keys(newsroom.live())).toHaveLength(2);
  });

  test('finds a renamed tag in every story, though no story’s time changed', async () => {
    newsroom.cms.names['ghost'] = [{ id: 'tag-grain', name: 'Grain', slug: 'grain' }];
    await newsroom.sweep('ghost');
    newsroom.cms.names['ghost'] = [
      { id: 'tag-grain', name: 'Cereals', slug: 'grain' },
      { id: 'tag-new', name: 'New', slug: 'new' },
    ];
    for (const each of lists.ghost)
      each['tags'] = (each['tags'] as Record<string, unknown>[]).map((tag) =>
        tag['name'] === 'Grain' ? { ...tag, name: 'Cereals' } : tag,
      );
    expect((await newsroom.sweep('ghost')).sent).toBe(2);
    expect(await newsroom.pipeline.see('/feeds/topic/cereals.json')).toMatchObject({ status: 200 });
    expect(await newsroom.pipeline.see('/feeds/topic/grain.json')).toMatchObject({ status: 404 });
    newsroom.cms.asked.length = 0;
    await newsroom.sweep('ghost');
    expect(newsroom.cms.sinceOfGhost()).not.toMatch(/^1970/);
  });

  test('does not win over a webhook of the same second that arrives while the list is read', async () => {
    const listedEdit = { ...post('g1', { title: 'As listed', updated_at: '2026-05-01T12:30:00.000Z' }) };
    lists.ghost.splice(0, 1, listedEdit);
    const during: CmsApi = {
      ask: async (request) => {
        const answer = await newsroom.cms.ask(request);
        newsroom.pipeline.clock.time += 500;
        newsroom.endpoint.clock.time = newsroom.pipeline.clock.time;
        await newsroom.endpoint.post('ghost', ghostPublished({ ...listedEdit, title: 'As sent' }, { title: 'x' }));
        return answer;
      },
    };
    newsroom.pipeline.clock.time = Date.parse('2026-05-01T12:30:00.400Z') - 60_000;
    await newsroom.sweep('ghost', {}, during);
    await newsroom.hear({ source: 'ghost', body: {} });
    expect(newsroom.live()['ghost:main/g1']?.[0]).toBe('As sent');
  });

  test('reports a story that cannot be read, and sends the others', async () => {
    const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    lists.ghost.unshift(post('g9', { title: 9 }), post('g8', { tags: deep }), post('g3'));
    const swept = await newsroom.sweep('ghost', { wholeArchive: true });
    expect(swept.unreadable).toEqual(['g9: title must be a string', 'g8: must be nested at most 100 deep']);
    expect(Object.keys(newsroom.live())).toContain('ghost:main/g3');
  });
});
