import { describe, expect, test } from '@jest/globals';
import { ghostDeleted, ghostPost, ghostPublished } from '../../fixtures/cms/newsroom.ts';
import { read, only, newsroom, live } from './newsroom.ts';

describe('Ghost', () => {
  test('reads a story, field by field', () => {
    const { type, detail } = only(read('ghost', ghostPublished(ghostPost('g1'))));
    expect(type).toBe('article.published');
    expect(detail).toEqual({
      path: '/story-g1',
      article: {
        uri: 'ghost:main/g1',
        type: 'text',
        versionCreated: '2026-03-02T06:00:00.000Z',
        pubStatus: 'usable',
        firstPublished: '2026-03-02T06:00:00.000Z',
        headlines: [{ role: 'main', value: 'Story g1' }],
        descriptions: [{ role: 'standfirst', contentType: 'text/plain', value: 'Standfirst of g1' }],
        bodies: [
          {
            role: 'main',
            contentType: 'text/html',
            value: '<p>Body of g1.</p><p><a href="https://elsewhere.example.com/report">Report</a></p>',
          },
        ],
        by: 'Ada Marlow',
        people: [{ rel: 'author', name: 'Ada Marlow' }],
        subjects: [
          { rel: 'section', literal: 'world', name: 'World' },
          { rel: 'about', name: 'Grain' },
        ],
        genres: [{ name: 'Explainer' }],
        associations: [
          {
            type: 'picture',
            name: 'lead',
            by: 'Harbour Press/AM',
            headlines: [{ role: 'main', value: 'Alt of g1' }],
            descriptions: [{ role: 'caption', contentType: 'text/plain', value: 'Caption of g1' }],
            renditions: [{ name: 'original', href: 'https://ghost.example.com/content/images/g1.jpg' }],
          },
        ],
      },
    });
  });

  test('reads authors, and drops their e-mail addresses', () => {
    expect(JSON.stringify(read('ghost', ghostPublished(ghostPost('g1'))))).not.toContain('@');
  });

  test('keeps the later one of two edits within one second of its clock', async () => {
    const edits = ['First', 'Second'].map((title) => ({
      source: 'ghost',
      body: ghostPublished(ghostPost('g1', { title }), { title: 'x' }),
    }));
    expect(live(await newsroom(edits))).toEqual({ 'ghost:main/g1': ['Second', 'world'] });
    expect(live(await newsroom([...edits].reverse()))).toEqual({ 'ghost:main/g1': ['First', 'world'] });
  });

  test('reads a change of tags, which leaves updated_at as it was', async () => {
    const tags = [{ name: 'Sport', slug: 'sport', visibility: 'public' }];
    const pipeline = await newsroom([
      { source: 'ghost', body: ghostPublished(ghostPost('g1')) },
      { source: 'ghost', body: ghostPublished(ghostPost('g1', { tags }), { tags: [] }) },
    ]);
    expect(live(pipeline)).toEqual({ 'ghost:main/g1': ['Story g1', 'sport'] });
  });

  test('withdraws an unpublished or deleted story without its path and sections, which the head has', async () => {
    const post = ghostPost('g1');
    const unpublish = {
      post: {
        current: {
          ...post,
          status: 'draft',
          url: 'https://ghost.example.com/p/uuid-g1/',
          updated_at: '2026-03-02T06:01:00.000Z',
        },
        previous: { status: 'published' },
      },
    };
    expect(only(read('ghost', unpublish))).toEqual({
      type: 'article.unpublished',
      detail: { article: { uri: 'ghost:main/g1', versionCreated: '2026-03-02T06:01:00.000Z' } },
    });
    for (const gone of [unpublish, ghostDeleted(post)]) {
      const pipeline = await newsroom([
        { source: 'ghost', body: ghostPublished(post) },
        { source: 'ghost', body: gone },
      ]);
      expect((await pipeline.see('/story-g1')).status).toBe(410);
      expect((await pipeline.see('/section/world')).status).toBe(404);
    }
  });

  test('withdraws a deleted story for good, though the webhook comes twice and before the story', async () => {
    const [story, gone] = [ghostPublished(ghostPost('g1')), ghostDeleted(ghostPost('g1'))].map((body) => ({
      source: 'ghost',
      body,
    }));
    if (!story || !gone) throw new Error('nothing to send');
    for (const order of [
      [story, gone, gone],
      [gone, story, gone],
      [gone, gone, story],
    ])
      expect(live(await newsroom(order))).toEqual({});
  });

  test('publishes a story again after it was unpublished', async () => {
    const post = (clock: string, status: string) => ghostPost('g1', { status, updated_at: `2026-03-02T${clock}.000Z` });
    const webhooks = [
      ghostPublished(post('06:00:00', 'published')),
      { post: { current: post('06:01:00', 'draft'), previous: { status: 'published' } } },
      { post: { current: post('06:02:00', 'published'), previous: { status: 'draft' } } },
    ].map((body) => ({ source: 'ghost', body }));
    const pipeline = await newsroom(webhooks);
    expect(live(pipeline)).toEqual({ 'ghost:main/g1': ['Story g1', 'world'] });
    expect([...pipeline.articles.heads.values()][0]?.card?.firstPublished).toBe('2026-03-02T06:00:00.000Z');
  });

  test('reads a schedule as an embargo, and its end as a withdrawal', () => {
    const scheduled = ghostPost('g1', { status: 'scheduled', published_at: '2026-05-02T06:00:00.000Z' });
    const { detail } = only(read('ghost', { post: { current: scheduled, previous: { status: 'draft' } } }));
    expect(detail).toMatchObject({ article: { embargoedUntil: '2026-05-02T06:00:00.000Z' } });
    expect(detail.article.firstPublished).toBeUndefined();
    expect(
      only(read('ghost', { post: { current: { ...scheduled, status: 'draft' }, previous: { status: 'scheduled' } } }))
        .type,
    ).toBe('article.unpublished');
  });

  test('publishes a members-only story without its body', () => {
    expect(
      only(read('ghost', ghostPublished(ghostPost('g1', { visibility: 'paid' })))).detail.article.bodies,
    ).toBeUndefined();
  });

  test('claims no path that belongs to the site', () => {
    expect(
      only(read('ghost', ghostPublished(ghostPost('g1', { url: 'https://ghost.example.com/latest/' })))).detail.path,
    ).toBeUndefined();
  });
});
