import { describe, expect, test } from '@jest/globals';
import { directusItem } from '../../fixtures/cms/newsroom.ts';
import { WebhookEndpoint } from '../webhook-endpoint.ts';
import { noon } from '../story.ts';
import { read, only, newsroom, live } from './newsroom.ts';

describe('Directus', () => {
  test('reads an item as the Flow sends it', () => {
    expect(only(read('directus', directusItem('d1'))).detail).toMatchObject({
      path: '/story-d1',
      article: {
        uri: 'directus:main/d1',
        by: 'Ada Marlow',
        associations: [
          { by: 'Harbour Press/AM', renditions: [{ href: 'http://localhost:8055/assets/file-d1', width: 1200 }] },
        ],
      },
    });
  });

  test('reads a delete, which sends ids only', () => {
    const commands = read('directus', {
      event: 'articles.items.delete',
      keys: ['d1', 'd2'],
      payload: ['d1', 'd2'],
      collection: 'articles',
    });
    expect(commands.map(({ type, detail }) => [type, detail.article.uri])).toEqual([
      ['article.deleted', 'directus:main/d1'],
      ['article.deleted', 'directus:main/d2'],
    ]);
  });

  test('reads a bulk edit as one event with several keys, and withdraws them all', () => {
    const commands = read('directus', {
      event: 'articles.items.update',
      keys: ['d1', 'd2'],
      payload: { status: 'archived' },
      collection: 'articles',
    });
    expect(commands.map(({ type, detail }) => [type, detail.article.uri])).toEqual([
      ['article.unpublished', 'directus:main/d1'],
      ['article.unpublished', 'directus:main/d2'],
    ]);
    expect(read('directus', [directusItem('d1'), directusItem('d2')])).toHaveLength(2);
  });

  test('does not let a created item in the trigger’s own words overtake one that was read later', async () => {
    const { id, date_created, date_updated, author, image, ...payload } = directusItem('d1', { title: 'As created' });
    const created = {
      source: 'directus',
      body: {
        event: 'articles.items.create',
        key: 'd1',
        collection: 'articles',
        payload: { ...payload, author: 1, image: 'file-d1' },
      },
    };
    const edited = {
      source: 'directus',
      body: directusItem('d1', { title: 'As edited', date_updated: '2026-03-02T09:05:00.000Z' }),
    };
    for (const order of [
      [created, edited],
      [edited, created],
    ])
      expect(live(await newsroom(order))).toEqual({ 'directus:main/d1': ['As edited', 'world'] });
    expect(live(await newsroom([created]))).toEqual({ 'directus:main/d1': ['As created', 'world'] });
  });

  test('takes the time of creation for a created item whose date is in the future', () => {
    const { id, date_created, date_updated, ...payload } = directusItem('d1', { published_at: '2026-06-01T07:00:00Z' });
    const created = { event: 'articles.items.create', key: 'd1', collection: 'articles', payload };
    expect(only(read('directus', created)).detail.article.versionCreated).toBe(new Date(noon).toISOString());
  });

  test('rejects an item without a time, which has no order', async () => {
    const { date_created, date_updated, ...item } = directusItem('d1');
    expect((await new WebhookEndpoint().post('directus', item)).issues).toMatchObject([{ path: 'date_updated' }]);
  });
});
