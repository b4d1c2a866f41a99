import { describe, expect, test } from '@jest/globals';
import type { ReadResult } from '../../../shared/cms/command.ts';
import { readWebhook } from '../../../shared/cms/source.ts';
import { settingsOf, sourceNamed } from '../../../shared/cms/sources.ts';
import { directusItem, strapiEntry } from '../../fixtures/cms/newsroom.ts';
import { noon } from '../story.ts';
import { only, read } from './newsroom.ts';

const locales = ['en', 'nb-NO'];

describe('a localised document of Strapi', () => {
  const says = (entry: Record<string, unknown>): unknown => ({
    event: 'entry.publish',
    createdAt: '2026-03-02T09:00:00.000Z',
    model: 'article',
    entry,
  });
  const articleOf = (overrides: Record<string, unknown>) =>
    only(read('strapi', says(strapiEntry(1, 's1', overrides)), { strapi: { locales, path: '/{locale}/{slug}' } }))
      .detail;

  test('is an article for each locale, and each leads to the others', () => {
    expect(articleOf({ locale: 'nb-NO' })).toMatchObject({
      path: '/nb-no/story-s1',
      article: {
        uri: 'strapi:main/s1.nb-NO',
        language: 'nb-NO',
        altIds: [{ role: 'translation', value: 'strapi:main/s1.en' }],
      },
    });
    expect(articleOf({ locale: 'en' }).article.altIds).toEqual([
      { role: 'translation', value: 'strapi:main/s1.nb-NO' },
    ]);
  });

  test('leads nowhere if it is not localised', () => {
    expect(articleOf({}).article).toMatchObject({ uri: 'strapi:main/s1' });
    expect(articleOf({}).article.altIds).toBeUndefined();
  });
});

describe('an item of Directus with translations', () => {
  const settings = { directus: { locales, path: '/{locale}/{slug}' } };
  const item = (overrides: Record<string, unknown> = {}): Record<string, unknown> =>
    directusItem('d1', {
      title: null,
      translations: [
        { id: 1, articles_id: 'd1', languages_code: 'en', title: 'The pier', body: '<p>It opens.</p>' },
        {
          id: 2,
          articles_id: 'd1',
          languages_code: { code: 'nb-NO', name: 'Norsk' },
          title: 'Kaien',
          slug: 'kaien',
          body: '<p>Den åpner.</p>',
          standfirst: '',
        },
      ],
      ...overrides,
    });
  const source = sourceNamed('directus');
  const reading = (payload: unknown): ReadResult => {
    if (!source) throw new Error('no source');
    return readWebhook(source, payload, settingsOf(source, settings), { receivedAt: noon, headers: {} });
  };

  test('is an article for each language, with the fields of its row before those of the item', () => {
    const commands = read('directus', item(), settings);
    expect(commands.map(({ detail }) => detail)).toMatchObject([
      {
        path: '/en/story-d1',
        article: {
          uri: 'directus:main/d1.en',
          language: 'en',
          altIds: [{ role: 'translation', value: 'directus:main/d1.nb-NO' }],
          headlines: [{ value: 'The pier' }],
          bodies: [{ value: '<p>It opens.</p>' }],
          by: 'Ada Marlow',
        },
      },
      {
        path: '/nb-no/kaien',
        article: {
          uri: 'directus:main/d1.nb-NO',
          language: 'nb-NO',
          altIds: [{ role: 'translation', value: 'directus:main/d1.en' }],
          headlines: [{ value: 'Kaien' }],
          descriptions: [{ value: 'Standfirst of d1' }],
        },
      },
    ]);
  });

  test('withdraws an article whose row was removed, and each article when the item is', () => {
    const [english] = item()['translations'] as unknown[];
    const typesOf = (payload: unknown): unknown =>
      read('directus', payload, settings).map(({ type, detail }) => [type, detail.article.uri]);
    expect(typesOf(item({ translations: [english] }))).toEqual([
      ['article.updated', 'directus:main/d1.en'],
      ['article.unpublished', 'directus:main/d1.nb-NO'],
    ]);
    expect(typesOf(item({ status: 'archived' }))).toEqual([
      ['article.unpublished', 'directus:main/d1.en'],
      ['article.unpublished', 'directus:main/d1.nb-NO'],
    ]);
    expect(typesOf({ event: 'articles.items.delete', collection: 'articles', keys: ['d1'] })).toEqual([
      ['article.deleted', 'directus:main/d1.en'],
      ['article.deleted', 'directus:main/d1.nb-NO'],
    ]);
  });

  test('is rejected if the Flow does not read its translations, since nothing says what is public', () => {
    for (const translations of [undefined, null, [1, 2], { create: [], update: [], delete: [] }])
      expect(reading(item({ translations }))).toMatchObject({ issues: [{ path: 'translations' }] });
  });

  test('waits for the item that the Flow reads after a create', () => {
    const { id, ...payload } = item({ translations: { create: [{ languages_code: 'en' }] } });
    expect(reading({ event: 'articles.items.create', key: id, collection: 'articles', payload })).toEqual({
      commands: [],
    });
  });

  test('is asked for by its own id', () => {
    if (!source?.api) throw new Error('no api');
    const own = settingsOf(source, settings);
    const { searchParams } = new URL(
      source.api.byIds(own, { key: undefined }, ['d1.en', 'd1.nb-NO', 'd2', 'v1.2'])[0]?.url ?? '',
    );
    expect(JSON.parse(searchParams.get('filter') ?? '')).toEqual({ id: { _in: ['d1', 'd2', 'v1.2'] } });
    expect(searchParams.get('fields')).toContain('translations.*');
    expect(new URL(source.api.one(own, { key: undefined }, 'd1.nb-NO')[0]?.url ?? '').pathname).toBe(
      '/items/articles/d1',
    );
  });
});
