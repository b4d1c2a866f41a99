import { describe, expect, test } from '@jest/globals';
import { settingsOf } from '../../../shared/cms/sources.ts';
import { strapi } from '../../../shared/cms/sources/strapi.ts';
import { noon } from '../story.ts';
import { strapiEntry } from '../../fixtures/cms/newsroom.ts';
import { WebhookEndpoint } from '../webhook-endpoint.ts';
import { read, only, newsroom, live } from './newsroom.ts';

describe('Strapi', () => {
  const says = (event: string, entry: Record<string, unknown>, createdAt = '2026-03-02T09:00:00.000Z'): unknown => ({
    event,
    createdAt,
    model: 'article',
    entry,
  });

  test('reads a story by its documentId, whatever the entry’s id', () => {
    const [a, b] = [1, 99].map((id) => only(read('strapi', says('entry.publish', strapiEntry(id, 's1')))));
    expect(a).toEqual(b);
    expect(a?.detail).toMatchObject({
      path: '/story-s1',
      article: {
        uri: 'strapi:main/s1',
        versionCreated: '2026-03-02T08:00:00.120Z',
        subjects: [
          { rel: 'section', literal: 'World' },
          { rel: 'about', name: 'Grain' },
        ],
        associations: [
          {
            by: 'Harbour Press/AM',
            renditions: [
              { href: 'http://localhost:1337/uploads/medium_s1.jpg', width: 750 },
              { href: 'http://localhost:1337/uploads/s1.jpg' },
            ],
          },
        ],
      },
    });
    expect(JSON.stringify(a)).not.toContain('@');
  });

  test('reads publishedAt null as a draft', () => {
    expect(read('strapi', says('entry.update', strapiEntry(1, 's1', { publishedAt: null })))).toEqual([]);
    expect(read('strapi', says('entry.create', strapiEntry(1, 's1', { publishedAt: null })))).toEqual([]);
  });

  test('withdraws a story although an unpublish has counts for relations and a delete comes twice', async () => {
    const entry = strapiEntry(1, 's1');
    const counted = { ...entry, tags: { count: 3 }, author: { count: 1 } };
    const rows = [says('entry.delete', { ...entry, publishedAt: null }), says('entry.delete', entry)];
    for (const gone of [[says('entry.unpublish', counted)], rows]) {
      const webhooks = [...gone, says('entry.publish', entry), ...gone].map((body) => ({ source: 'strapi', body }));
      expect(live(await newsroom(webhooks))).toEqual({});
    }
  });

  test('publishes a story again with its first publication after an unpublish, by publishedAt alone', async () => {
    const webhooks = [
      says('entry.publish', strapiEntry(1, 's1')),
      says('entry.unpublish', strapiEntry(1, 's1'), '2026-03-02T08:30:00.000Z'),
      says('entry.publish', strapiEntry(2, 's1', { publishedAt: '2026-03-02T09:00:00.000Z' })),
    ].map((body) => ({ source: 'strapi', body }));
    for (const order of [webhooks, [...webhooks].reverse()]) {
      const pipeline = await newsroom(order);
      expect(live(pipeline)).toEqual({ 'strapi:main/s1': ['Story s1', 'world'] });
      expect([...pipeline.articles.heads.values()][0]?.card?.firstPublished).toBe('2026-03-02T08:00:00.120Z');
    }
  });

  test('puts a draft that was saved before an unpublish after it, by publishedAt', async () => {
    const webhooks = [
      says('entry.publish', strapiEntry(1, 's1')),
      says('entry.unpublish', strapiEntry(1, 's1'), '2026-03-02T09:00:00.000Z'),
      says(
        'entry.publish',
        strapiEntry(2, 's1', { updatedAt: '2026-03-02T08:30:00.000Z', publishedAt: '2026-03-02T10:00:00.000Z' }),
      ),
    ].map((body) => ({ source: 'strapi', body }));
    for (const order of [webhooks, [...webhooks].reverse()])
      expect(live(await newsroom(order))).toEqual({ 'strapi:main/s1': ['Story s1', 'world'] });
  });

  test.each(['../en', 'e', 'en,fr', 'en&status=draft'])('names the field of an invalid locale: %s', async (locale) => {
    const { status, issues } = await new WebhookEndpoint().post(
      'strapi',
      says('entry.publish', strapiEntry(1, 's1', { locale })),
    );
    expect([status, issues]).toEqual([
      422,
      [{ path: 'entry.locale', message: 'must be a locale such as fr or nb-NO' }],
    ]);
  });

  test('reads each language of a document as a story of its own', () => {
    expect(
      only(read('strapi', says('entry.publish', strapiEntry(1, 's1', { locale: 'nb-NO' })))).detail.article,
    ).toMatchObject({
      uri: 'strapi:main/s1.nb-NO',
      language: 'nb-NO',
    });
  });

  test('reads the newsroom’s own fields', () => {
    const settings = {
      strapi: {
        site: 'sport',
        url: 'https://cms.example.com',
        collection: 'story',
        path: '/{desk}/{slug}',
        fields: { title: 'headline', section: 'desk', picture: 'lead' },
      },
    };
    const { slug, featureImage, title, ...rest } = strapiEntry(1, 's1');
    const entry = { ...rest, headline: 'Own field', desk: 'Sport/Rowing', slug: 'own', lead: featureImage };
    const { detail } = only(read('strapi', { event: 'entry.publish', model: 'story', entry }, settings));
    expect(detail).toMatchObject({
      path: '/sport/rowing/own',
      article: {
        uri: 'strapi:sport/s1',
        headlines: [{ value: 'Own field' }],
        associations: [{ renditions: [{}, { href: 'https://cms.example.com/uploads/s1.jpg' }] }],
      },
    });
  });

  test('publishes a story without a body of an unknown kind, and names the field', async () => {
    const response = await new WebhookEndpoint().post(
      'strapi',
      says('entry.publish', strapiEntry(1, 's1', { body: [{ type: 'unheard-of' }] })),
    );
    expect([response.status, JSON.parse(response.body)]).toEqual([
      202,
      {
        accepted: ['strapi:main/s1'],
        warnings: [
          { path: 'entry.body', message: 'must be HTML, Markdown, blocks or components: other kinds are not read' },
        ],
      },
    ]);
  });

  test('names the texts that no setting names, and no codes, times or addresses', () => {
    const entry = strapiEntry(1, 's1', {
      kicker: 'Read all about it',
      sidebar: { id: 3, facts: [{ id: 4, text: 'Closed since May' }] },
      related: [{ documentId: 'x', title: 'Another story' }],
      file: { url: '/uploads/a.pdf', caption: 'A long report' },
      desk: 'sport',
      cover_url: 'https://example.com/a-b',
      seen: '2026-03-02T08:00:00.120Z',
      slug: 'an own slug',
    });
    const { path } = strapi.defaults;
    expect(path).toContain('slug');
    expect(only(read('strapi', says('entry.publish', entry))).detail).toMatchObject({
      warnings: ['entry.kicker', 'entry.sidebar'].map((path) => ({
        path,
        message: 'is not shown: no field in sources names it',
      })),
    });
  });

  describe('with a dynamic zone', () => {
    const settings = (populate: readonly string[]) => settingsOf(strapi, { strapi: { populate } });
    const entry = strapiEntry(1, 's1', { body: [{ __component: 'shared.media', id: 1 }] });

    test('is not published from the API, which leaves out files, unless the sweep asks for them', () => {
      expect(strapi.api?.state(entry, settings([]), noon)).toEqual({
        issues: [
          {
            path: 'body',
            message:
              'is a dynamic zone, of which the API leaves out the files: name it, and every other relation, in sources.strapi.populate',
          },
        ],
      });
      expect(strapi.api?.state(entry, settings(['body']), noon)).toHaveProperty('commands.length', 1);
    });

    test('is asked for with the files in its components', () => {
      const [request] = strapi.api?.byIds(settings(['body', 'tags']), { key: undefined }, ['s1']) ?? [];
      const query = new URL(request?.url ?? '').searchParams;
      expect([...query].filter(([name]) => name.startsWith('populate'))).toEqual([
        ['populate[body][populate]', '*'],
        ['populate[tags]', 'true'],
      ]);
    });
  });
});
