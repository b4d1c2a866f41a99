import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { directus } from '../../../shared/cms/sources/directus.ts';
import { fieldsToRead } from '../../../shared/cms/sources/directus-fields.ts';
import { settingsOf } from '../../../shared/cms/sources.ts';
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

  test('reads tags through a junction, in the form in which Directus names its fields', () => {
    const tags = [
      { id: 1, articles_id: 'd1', tags_id: { id: 7, name: 'Grain' } },
      { id: 2, articles_id: 'd1', tags_id: { id: 8, name: '#Analysis' } },
    ];
    expect(only(read('directus', directusItem('d1', { tags }))).detail.article).toMatchObject({
      subjects: [{ literal: 'World' }, { name: 'Grain' }],
      genres: [{ name: 'Analysis' }],
    });
  });

  test('takes no id of a related entry for a name', () => {
    const item = directusItem('d1', {
      author: '3e00ae94-9eb4-45c6-88fb-69c6f979a96e',
      section: '4e00ae94-9eb4-45c6-88fb-69c6f979a96e',
      tags: [1, 2],
    });
    const { article, warnings } = only(read('directus', item)).detail;
    expect(article).not.toHaveProperty('by');
    expect(article).not.toHaveProperty('people');
    expect(article).not.toHaveProperty('subjects');
    expect(warnings).toEqual(
      ['section', 'tags', 'author'].map((path) => ({
        path,
        message: 'holds only ids of related entries: have the entries read too',
      })),
    );
  });

  test('warns of a field below a relation that was not read', () => {
    const given = { directus: { fields: { author: 'author.first_name author.last_name', tags: 'tags.tags_id' } } };
    const { tags, ...item } = directusItem('d1', { author: '3e00ae94-9eb4-45c6-88fb-69c6f979a96e' });
    expect(only(read('directus', item, given)).detail.warnings).toEqual([
      { path: 'tags', message: 'is missing: have the entries read too' },
      { path: 'author', message: 'holds only ids of related entries: have the entries read too' },
    ]);
    const none = directusItem('d1', { author: null, tags: [] });
    expect(only(read('directus', none, given)).detail.warnings).toBeUndefined();
  });
});

describe('the fields that Directus is asked for', () => {
  const fieldsOf = (fields: Record<string, string>): string[] =>
    fieldsToRead(settingsOf(directus, { directus: { fields } }));

  test('include each relation on the way to a named field', () => {
    const author = 'writers.users_id.first_name writers.users_id.last_name';
    expect(fieldsOf({ author, tags: '', title: 'translations.title' })).toEqual([
      '*',
      'translations.*',
      'section.*',
      'section.section_id.*',
      'writers.*',
      'writers.users_id.*',
      'writers.users_id.first_name.*',
      'writers.users_id.last_name.*',
      'image.*',
    ]);
  });

  test('are the same in the sweep and in the Flow that the docs give', () => {
    const { flows } = JSON.parse(readFileSync('docs/cms/directus-flow.json', 'utf8')) as {
      flows: { operations: { key: string; options: { query?: { fields: string[] } } }[] }[];
    };
    const asked = flows[0]?.operations.find(({ key }) => key === 'read_items')?.options.query?.fields;
    const settings = settingsOf(directus, { directus: { locales: ['en-US'] } });
    expect(asked).toEqual(fieldsToRead(settings));
    const [request] = directus.api?.list(settings, { key: undefined }, '2026-03-02T09:00:00Z', 1) ?? [];
    expect(new URL(request?.url ?? '').searchParams.get('fields')).toBe(asked?.join(','));
  });
});

describe('the names that stories of Directus carry', () => {
  const asked = (fields: Record<string, string>): string[] =>
    (directus.api?.names(settingsOf(directus, { directus: { fields } }), { key: undefined }, 1) ?? []).map(
      ({ url }) => new URL(url).pathname,
    );

  test('are asked for in the collections to which the fields lead', () => {
    expect(asked({})).toEqual(['/items/authors', '/items/tags', '/items/sections', '/users']);
    const author = 'writers.directus_users_id.first_name writers.directus_users_id.last_name';
    expect(asked({ author, tags: 'labels.label_id', section: '' })).toEqual(['/users', '/items/label']);
  });
});

describe('an item of Directus’s API whose relations the key may not read', () => {
  const settings = settingsOf(directus, {});
  const state = (item: unknown) => directus.api?.state(item, settings, noon);
  const author = '3e00ae94-9eb4-45c6-88fb-69c6f979a96e';

  test('is not published, because the webhook sent more of it', () => {
    expect(state(directusItem('d1', { author }))).toEqual({
      issues: [
        {
          path: 'author',
          message: 'holds only ids of related entries: let the role of the API key read the entries',
        },
      ],
    });
    expect(state(directusItem('d1', { image: author }))).toMatchObject({ issues: [{ path: 'image' }] });
  });

  test('is withdrawn all the same', () => {
    expect(state(directusItem('d1', { author, status: 'archived' }))).toMatchObject({
      commands: [{ type: 'article.unpublished' }],
    });
  });
});
