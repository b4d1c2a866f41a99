import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Article } from '../../shared/article/article.ts';
import { captionAndCredit } from '../../shared/article/caption.ts';
import { readWebhook, type Command, type Webhook } from '../../shared/cms/source.ts';
import { settingsOf, sourceNamed, type GivenSettings } from '../../shared/cms/sources.ts';
import {
  allDeliveries,
  deliveries,
  directusItem,
  ghostDeleted,
  ghostPost,
  ghostPublished,
  listed,
  strapiEntry,
  wholeEnding,
  wordpressPost,
} from '../fixtures/cms/newsroom.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { bytesOf, WebhookEndpoint } from './webhook-endpoint.ts';
import { busEvent, noon } from './story.ts';

function read(
  name: string,
  payload: unknown,
  given: GivenSettings = {},
  receivedAt = noon,
  headers: Webhook['headers'] = {},
): readonly Command[] {
  const source = sourceNamed(name);
  if (!source) throw new Error(`no source ${name}`);
  const reading = readWebhook(source, payload, settingsOf(source, given), { receivedAt, headers });
  if ('issues' in reading) throw new Error(JSON.stringify(reading.issues));
  return reading.commands;
}

const only = (commands: readonly Command[]): Command => {
  if (commands.length !== 1 || !commands[0]) throw new Error(`${commands.length} commands`);
  return commands[0];
};

/** Sends webhooks through ingest, the bus and store, in memory. Returns the pipeline. */
async function newsroom(webhooks: readonly ({ readonly source: string } & Webhook)[]): Promise<Pipeline> {
  const endpoint = new WebhookEndpoint();
  for (const { source, body, headers } of webhooks) {
    endpoint.clock.time += 50;
    const { status } = await endpoint.postWith(source, bytesOf(source, body), headers);
    if (status !== 202 && status !== 204) throw new Error(`${source} answered ${status}`);
  }
  const pipeline = new Pipeline(endpoint.clock.time + 1000);
  await pipeline.deliver(
    endpoint.bus.events.map(({ source, type, detail }) =>
      busEvent(type, detail, { source, time: new Date(endpoint.clock.time).toISOString() }),
    ),
  );
  expect(pipeline.rejections.kept).toEqual([]);
  return pipeline;
}

const live = (pipeline: Pipeline): Record<string, readonly [string, string]> =>
  Object.fromEntries(
    [...pipeline.articles.heads.values()]
      .filter(({ visibility }) => visibility === 'live')
      .map(({ uri, card }) => [uri, [card?.headline ?? '', card?.section ?? '']] as const),
  );

describe('a morning of every kind of CMS ends as their own lists show', () => {
  test('in order', async () => {
    expect(live(await newsroom(allDeliveries))).toEqual(wholeEnding);
  });

  test('shuffled, each once or twice', async () => {
    const orders = fc.tuple(
      fc.shuffledSubarray([...allDeliveries], { minLength: allDeliveries.length }),
      fc.shuffledSubarray([...allDeliveries]),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([once, again]) => {
        expect(live(await newsroom([...once, ...again]))).toEqual(wholeEnding);
      }),
      { numRuns: 8 },
    );
  });
});

describe('Ghost', () => {
  test('a story, field by field', () => {
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

  test('authors come with e-mail addresses, and go without', () => {
    expect(JSON.stringify(read('ghost', ghostPublished(ghostPost('g1'))))).not.toContain('@');
  });

  test('one-second clock: of two edits in one second, the one that arrived later stays', async () => {
    const edits = ['First', 'Second'].map((title) => ({
      source: 'ghost',
      body: ghostPublished(ghostPost('g1', { title }), { title: 'x' }),
    }));
    expect(live(await newsroom(edits))).toEqual({ 'ghost:main/g1': ['Second', 'world'] });
    expect(live(await newsroom([...edits].reverse()))).toEqual({ 'ghost:main/g1': ['First', 'world'] });
  });

  test('a change of tags leaves updated_at as it was, and is seen', async () => {
    const tags = [{ name: 'Sport', slug: 'sport', visibility: 'public' }];
    const pipeline = await newsroom([
      { source: 'ghost', body: ghostPublished(ghostPost('g1')) },
      { source: 'ghost', body: ghostPublished(ghostPost('g1', { tags }), { tags: [] }) },
    ]);
    expect(live(pipeline)).toEqual({ 'ghost:main/g1': ['Story g1', 'sport'] });
  });

  test('unpublished has a preview’s address, deleted nothing at all: the store knows path and placements', async () => {
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

  test('a delete fires twice, comes before the story it deletes, and stays', async () => {
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

  test('republished after it was unpublished', async () => {
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

  test('a schedule is an embargo; taken back, it is withdrawn', () => {
    const scheduled = ghostPost('g1', { status: 'scheduled', published_at: '2026-05-02T06:00:00.000Z' });
    const { detail } = only(read('ghost', { post: { current: scheduled, previous: { status: 'draft' } } }));
    expect(detail).toMatchObject({ article: { embargoedUntil: '2026-05-02T06:00:00.000Z' } });
    expect(detail.article.firstPublished).toBeUndefined();
    expect(
      only(read('ghost', { post: { current: { ...scheduled, status: 'draft' }, previous: { status: 'scheduled' } } }))
        .type,
    ).toBe('article.unpublished');
  });

  test('a members-only story comes without its body', () => {
    expect(
      only(read('ghost', ghostPublished(ghostPost('g1', { visibility: 'paid' })))).detail.article.bodies,
    ).toBeUndefined();
  });

  test('a path that is ours is not claimed', () => {
    expect(
      only(read('ghost', ghostPublished(ghostPost('g1', { url: 'https://ghost.example.com/latest/' })))).detail.path,
    ).toBeUndefined();
  });
});

describe('WordPress', () => {
  const says = (rest: Record<string, unknown>, more: Record<string, unknown> = {}): unknown => ({
    hook: 'wp_after_insert_post',
    rest,
    new_status: 'publish',
    old_status: null,
    ...more,
  });

  test('a story: entities are letters, categories sections, the tail of the caption the credit', () => {
    const { detail } = only(read('wordpress', says(wordpressPost(11))));
    expect(detail).toMatchObject({
      path: '/2026/03/story-11',
      article: {
        uri: 'wordpress:main/11',
        versionCreated: '2026-03-02T07:00:00.000Z',
        headlines: [{ value: 'Story 11 – cafés & ports' }],
        descriptions: [{ value: 'Standfirst of 11' }],
        by: 'Jon Bright',
        subjects: [
          { rel: 'section', literal: 'news/world', name: 'World' },
          { rel: 'section', literal: 'business', name: 'Business' },
          { rel: 'about', name: 'Grain' },
          { rel: 'about', name: 'Ports' },
        ],
        associations: [
          { by: 'Getty', headlines: [{ value: 'Alt of 11' }], descriptions: [{ value: 'Caption of 11.' }] },
        ],
      },
    });
    expect(detail.article.associations?.[0]?.renditions?.map(({ width }) => width)).toEqual([768, 1200]);
  });

  test('transition_post_status fires without tags and image: wp_after_insert_post is listened to', () => {
    expect(read('wordpress', says(wordpressPost(11), { hook: 'transition_post_status' }))).toEqual([]);
  });

  test('a retry keeps its first time stamp, so that it does not overtake a later edit of the same second', async () => {
    const first = {
      source: 'wordpress',
      body: says(wordpressPost(11, { title: { rendered: 'First' } }), { sent_at: noon / 1000 - 60.5 }),
    };
    const second = {
      source: 'wordpress',
      body: says(wordpressPost(11, { title: { rendered: 'Second' } }), { sent_at: noon / 1000 - 60.2 }),
    };
    expect(live(await newsroom([second, first]))).toEqual({ 'wordpress:main/11': ['Second', 'news/world'] });
  });

  test('nothing was sent after the second that it was signed in', () => {
    expect(only(read('wordpress', says(wordpressPost(11), { sent_at: noon / 1000 + 3600 }))).detail.receivedAt).toBe(
      noon + 999,
    );
    expect(only(read('wordpress', says(wordpressPost(11), { sent_at: noon / 1000 + 0.5 }))).detail.receivedAt).toBe(
      noon + 500,
    );
  });

  describe('the time of a post', () => {
    const date = noon + 75_000;
    const gmt = (instant: number): string => new Date(instant).toISOString().slice(0, 19);
    const at = (overrides: Record<string, unknown>, now: string, was: string | null, sent: number): Command =>
      only(
        read(
          'wordpress',
          says(wordpressPost(11, { status: now, date_gmt: gmt(date), ...overrides }), {
            new_status: now,
            old_status: was,
            sent_at: sent / 1000,
          }),
          {},
          sent + 40,
        ),
      );

    test('created scheduled, it bears its date as the time of change: it was sent earlier', () => {
      const created = at({ modified_gmt: gmt(date) }, 'future', null, noon + 222);
      expect(created.detail.article).toMatchObject({
        versionCreated: new Date(noon).toISOString(),
        embargoedUntil: new Date(date).toISOString(),
      });
      const edited = at({ modified_gmt: gmt(noon + 2000) }, 'future', 'future', noon + 2513);
      expect(edited.detail.article.versionCreated).toBe(new Date(noon + 2000).toISOString());
    });

    test.each(['draft', 'trash', 'private', 'deleted'])(
      'moved from its schedule to %s, it is later than its creation',
      (status) => {
        const withdrawn = at({ modified_gmt: gmt(noon + 2000) }, status, 'future', noon + 2513);
        expect(withdrawn.detail.article.versionCreated).toBe(new Date(noon + 2000).toISOString());
      },
    );

    test('published by WordPress itself at its date, and deleted later, it bears the time when WordPress said so: no time of change is moved', () => {
      const published = at({ modified_gmt: gmt(noon) }, 'publish', 'future', date + 5_000);
      expect(published.detail.article.versionCreated).toBe(new Date(date + 5_000).toISOString());
      const deleted = at({ modified_gmt: gmt(noon), status: 'publish' }, 'deleted', 'trash', date + 60_000);
      expect(deleted.detail).toMatchObject({
        article: { versionCreated: new Date(date + 60_000).toISOString() },
        revision: 1,
      });
    });

    test('a draft has no date: its withdrawal is read all the same', () => {
      const withdrawn = at(
        { modified_gmt: gmt(noon), date_gmt: '0000-00-00T00:00:00' },
        'draft',
        'publish',
        noon + 500,
      );
      expect(withdrawn).toMatchObject({
        type: 'article.unpublished',
        detail: { article: { versionCreated: new Date(noon).toISOString() } },
      });
    });

    test('the list says the same time as the webhook', () => {
      const source = sourceNamed('wordpress');
      const post = wordpressPost(11, { date_gmt: gmt(date), modified_gmt: gmt(noon) });
      const listedState = source?.api?.state(post, settingsOf(source, {}));
      const { receivedAt, ...webhooks } = only(
        read('wordpress', says(post, { sent_at: date / 1000 + 3 }), {}, date + 4000),
      ).detail;
      expect(listedState && 'commands' in listedState && only(listedState.commands).detail).toEqual(webhooks);
    });
  });

  describe('a scheduled post without its text, as the plugin once sent it when nobody was signed in', () => {
    const { title, content, excerpt, _embedded, ...rest } = wordpressPost(11, {
      status: 'future',
      date_gmt: '2026-06-01T07:00:00',
    });

    test('says nothing of a new post, which readers get at its date', () => {
      expect(read('wordpress', says(rest, { new_status: 'future' }))).toEqual([]);
    });

    test.each(['publish', 'future'])('takes back what was known of it (%s)', (was) => {
      expect(only(read('wordpress', says(rest, { new_status: 'future', old_status: was }))).type).toBe(
        'article.unpublished',
      );
    });
  });

  test('scheduled, made private, protected by a password, a page', () => {
    expect(
      only(
        read(
          'wordpress',
          says(wordpressPost(11, { status: 'future', date_gmt: '2026-06-01T07:00:00' }), { new_status: 'future' }),
        ),
      ).detail.article.embargoedUntil,
    ).toBe('2026-06-01T07:00:00.000Z');
    expect(
      only(read('wordpress', says(wordpressPost(11), { new_status: 'private', old_status: 'publish' }))).type,
    ).toBe('article.unpublished');
    expect(
      only(read('wordpress', says(wordpressPost(11, { content: { rendered: '<p>Secret</p>', protected: true } }))))
        .detail.article.bodies,
    ).toBeUndefined();
    expect(read('wordpress', says(wordpressPost(11, { type: 'page' })))).toEqual([]);
  });
});

describe('Strapi', () => {
  const says = (event: string, entry: Record<string, unknown>, createdAt = '2026-03-02T09:00:00.000Z'): unknown => ({
    event,
    createdAt,
    model: 'article',
    entry,
  });

  test('a story: by its documentId, whatever id its entry has today', () => {
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

  test('publishedAt null is a draft', () => {
    expect(read('strapi', says('entry.update', strapiEntry(1, 's1', { publishedAt: null })))).toEqual([]);
    expect(read('strapi', says('entry.create', strapiEntry(1, 's1', { publishedAt: null })))).toEqual([]);
  });

  test('an unpublish turns relations into counts; a delete comes twice', async () => {
    const entry = strapiEntry(1, 's1');
    const counted = { ...entry, tags: { count: 3 }, author: { count: 1 } };
    const rows = [says('entry.delete', { ...entry, publishedAt: null }), says('entry.delete', entry)];
    for (const gone of [[says('entry.unpublish', counted)], rows]) {
      const webhooks = [...gone, says('entry.publish', entry), ...gone].map((body) => ({ source: 'strapi', body }));
      expect(live(await newsroom(webhooks))).toEqual({});
    }
  });

  test('republished after an unpublish, with publishedAt alone moved: live again, where it first stood', async () => {
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

  test('a draft saved long before is published later than an unpublish in between', async () => {
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

  test.each(['../en', 'e', 'en,fr', 'en&status=draft'])('a locale that is none names its field: %s', async (locale) => {
    const { status, issues } = await new WebhookEndpoint().post(
      'strapi',
      says('entry.publish', strapiEntry(1, 's1', { locale })),
    );
    expect([status, issues]).toEqual([
      422,
      [{ path: 'entry.locale', message: 'must be a locale such as fr or nb-NO' }],
    ]);
  });

  test('each language of a document is a story of its own', () => {
    expect(
      only(read('strapi', says('entry.publish', strapiEntry(1, 's1', { locale: 'nb-NO' })))).detail.article,
    ).toMatchObject({
      uri: 'strapi:main/s1.nb-NO',
      language: 'nb-NO',
    });
  });

  test('the newsroom names its own fields', () => {
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

  test('a story whose body is of another kind is published without it, and the field is named', async () => {
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
});

describe('Directus', () => {
  test('an item as the Flow reads it', () => {
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

  test('a delete sends ids only', () => {
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

  test('a bulk edit is one event with several keys: withdrawn are all of them', () => {
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

  test('a created item, told in full by the trigger itself, never overtakes what was read later', async () => {
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

  test('a created item whose date lies ahead is no later than its creation', () => {
    const { id, date_created, date_updated, ...payload } = directusItem('d1', { published_at: '2026-06-01T07:00:00Z' });
    const created = { event: 'articles.items.create', key: 'd1', collection: 'articles', payload };
    expect(only(read('directus', created)).detail.article.versionCreated).toBe(new Date(noon).toISOString());
  });

  test('an item without any time is no state that could be ordered', async () => {
    const { date_created, date_updated, ...item } = directusItem('d1');
    expect((await new WebhookEndpoint().post('directus', item)).issues).toMatchObject([{ path: 'date_updated' }]);
  });
});

describe('ninjs', () => {
  const item = {
    uri: 'urn:agency:1',
    versionCreated: '2026-03-02T10:00:00+01:00',
    type: 'text',
    headlines: [{ role: 'main', value: 'From the wire' }],
    contactInfo: [{ type: 'email', value: 'desk@agency.example.com' }],
  };

  test('an item is itself, without anybody’s address', () => {
    const { detail } = only(read('ninjs', item));
    expect(detail.article).toMatchObject({ uri: 'urn:agency:1', headlines: [{ value: 'From the wire' }] });
    expect(JSON.stringify(detail)).not.toContain('@');
  });

  test('canceled items withdraw', async () => {
    const webhooks = [item, { ...item, pubStatus: 'canceled', versionCreated: '2026-03-02T11:00:00+01:00' }].map(
      (body) => ({
        source: 'ninjs',
        body,
      }),
    );
    expect(live(await newsroom(webhooks))).toEqual({});
  });

  test('ninjs 1.x, as Superdesk writes it', () => {
    const older = {
      guid: 'urn:superdesk:7',
      versioncreated: '2026-03-02T10:00:00+0000',
      pubstatus: 'usable',
      type: 'text',
      headline: 'From the desk',
      byline: 'Mia Stone',
      description_text: 'A line below.',
      body_html: '<p>Text.</p>',
      subject: [{ code: '1', name: 'Rowing' }],
      associations: {
        featuremedia: {
          type: 'picture',
          byline: 'Agency',
          description_text: 'At dawn',
          renditions: { original: { href: 'https://pictures.example.com/1.jpg', mimetype: 'image/jpeg' } },
        },
      },
    };
    expect(only(read('ninjs', older)).detail.article as Article & Record<string, unknown>).toMatchObject({
      uri: 'urn:superdesk:7',
      versionCreated: '2026-03-02T10:00:00+0000',
      headlines: [{ value: 'From the desk' }],
      bodies: [{ contentType: 'text/html', value: '<p>Text.</p>' }],
      subjects: [{ name: 'Rowing' }],
      associations: [
        {
          name: 'featuremedia',
          by: 'Agency',
          descriptions: [{ value: 'At dawn' }],
          renditions: [{ name: 'original', href: 'https://pictures.example.com/1.jpg' }],
        },
      ],
    });
  });

  test('an agency does not speak for another CMS', async () => {
    expect((await new WebhookEndpoint().post('ninjs', { ...item, uri: 'ghost:main/1' })).issues).toMatchObject([
      { path: 'article.uri' },
    ]);
  });
});

describe("a CMS's list agrees with its webhooks", () => {
  test.each(Object.keys(listed))('%s: word for word, so that nothing is taken for new', (name) => {
    const source = sourceNamed(name);
    const settings = source && settingsOf(source, {});
    const webhooks = new Set(
      deliveries
        .filter((delivery) => delivery.source === name)
        .flatMap(({ body, headers }) =>
          read(name, body, {}, noon, headers).map(({ detail: { receivedAt, ...detail } }) =>
            JSON.stringify(sorted(detail)),
          ),
        ),
    );
    for (const item of listed[name] ?? []) {
      const reading = settings && source.api?.state(item, settings);
      if (!reading || 'issues' in reading) throw new Error(JSON.stringify(reading));
      expect(webhooks).toContain(JSON.stringify(sorted(only(reading.commands).detail)));
    }
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, held]) => [name, sorted(held)]),
  );
}

describe('captions and their credits', () => {
  test.each<[string, { caption?: string; credit?: string }]>([
    ['The pier <em>(Image: Sample Pictures/PA)</em>', { caption: 'The pier', credit: 'Sample Pictures/PA' }],
    ['The pier. Picture: Getty', { caption: 'The pier.', credit: 'Getty' }],
    ['Picture: Getty Images', { credit: 'Getty Images' }],
    ['The pier [Photo: A. Marlow]', { caption: 'The pier', credit: 'A. Marlow' }],
    [
      'The pier at dawn – Photograph: Jon Bright/Harbour Press.',
      { caption: 'The pier at dawn', credit: 'Jon Bright/Harbour Press' },
    ],
    ['The picture of health', { caption: 'The picture of health' }],
    ['A big picture: (left) the pier, (right) the sea', { caption: 'A big picture: (left) the pier, (right) the sea' }],
    ['<p>Tom &amp; Ada</p>', { caption: 'Tom & Ada' }],
    ['', {}],
  ])('%s', (text, expected) => {
    expect(captionAndCredit(text)).toEqual(expected);
  });
});

describe('the setting sections', () => {
  const sections = (name: string, payload: unknown, paths: Readonly<Record<string, string>>): unknown =>
    (only(read(name, payload, { [name]: { sections: paths } })).detail.article.subjects ?? []).filter(
      ({ rel }) => rel === 'section',
    );
  const ours = { rel: 'section', literal: 'news/international' };

  test.each<[string, unknown]>([
    ['ghost', ghostPublished(ghostPost('g1'))],
    [
      'strapi',
      { event: 'entry.publish', createdAt: '2026-03-02T08:00:00Z', model: 'article', entry: strapiEntry(1, 's1') },
    ],
    ['directus', directusItem('d1')],
  ])('%s: a category is where the newsroom says, by its name or its slug, in any case', (name, payload) => {
    expect(sections(name, payload, { WORLD: 'news/international' })).toEqual([ours]);
    expect(sections(name, payload, { uk: 'news/uk' })).toMatchObject([{ name: 'World' }]);
    expect(sections(name, payload, { world: '' })).toEqual([]);
  });

  test('wordpress: by name, slug or path; of two that are one section, one stays', () => {
    const payload = { hook: 'wp_after_insert_post', rest: wordpressPost(11), new_status: 'publish', old_status: null };
    for (const name of ['World', 'world', 'news/world'])
      expect(sections('wordpress', payload, { [name]: 'news/international', business: 'news/international' })).toEqual([
        ours,
      ]);
  });

  test('ninjs: by the uri, the code or the name of a subject, which stays a topic', () => {
    const item = {
      uri: 'urn:agency:1',
      versionCreated: '2026-03-02T10:00:00Z',
      headlines: [{ value: 'A' }],
      subjects: [
        { uri: 'http://cv.iptc.org/newscodes/mediatopic/15000000', literal: 'medtop:15000000', name: 'sport' },
      ],
    };
    for (const name of ['http://cv.iptc.org/newscodes/mediatopic/15000000', 'medtop:15000000', 'Sport'])
      expect(sections('ninjs', item, { [name]: 'sport' })).toEqual([{ rel: 'section', literal: 'sport' }]);
    expect(only(read('ninjs', item)).detail.article.subjects).toEqual(item.subjects);
  });
});
