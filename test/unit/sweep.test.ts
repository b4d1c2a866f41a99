import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CmsSilent, sweep, type SweepOrder } from '../../functions/sweep/sweep.ts';
import type { Swept } from '../../shared/cms/source-api.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { MemoryBus, MemorySweepMarks } from '../fakes/memory-webhooks.ts';
import type { CmsApi } from '../../shared/cms/ports.ts';
import type { ApiAnswer } from '../../shared/cms/source-api.ts';
import { settingsOf, sourceNamed } from '../../shared/cms/sources.ts';
import {
  deliveries,
  directusItem,
  ending,
  ghostPost,
  ghostPublished,
  listed,
  strapiEntry,
  wordpressPost,
  type Delivery,
} from '../fixtures/cms/newsroom.ts';
import { StandIn } from '../fixtures/cms/stand-in.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';
import { NoTimeLeft, Overrun, type TimeLimit } from '../../shared/time-limit.ts';
import { busEvent, noon } from './story.ts';

/** A newsroom in memory: its CMSes, the webhook endpoints, and the pipeline. */
class Newsroom {
  readonly endpoint = new WebhookEndpoint();
  readonly pipeline = new Pipeline(noon);
  readonly marks = new MemorySweepMarks();
  readonly cms: StandIn;

  constructor(lists: StandIn['lists']) {
    this.cms = new StandIn(lists);
  }

  async hear({ source, body, headers }: Delivery): Promise<void> {
    const { status } = await this.endpoint.postWith(source, Buffer.from(JSON.stringify(body)), headers);
    if (status !== 202 && status !== 204) throw new Error(`${source} answered ${status}`);
    await this.#carry(this.endpoint.bus);
  }

  /** Runs a sweep. Its events have arrived when it returns. */
  async sweep(
    name: string,
    others: Partial<SweepOrder> = {},
    cms: CmsApi = this.cms,
    limit?: TimeLimit,
  ): Promise<Swept> {
    const source = sourceNamed(name);
    if (!source) throw new Error(name);
    const bus = new MemoryBus();
    this.pipeline.clock.time += 60_000;
    const { articles, feeds, clock } = this.pipeline;
    const order = {
      source,
      settings: settingsOf(source, {}),
      credentials: { key: 'key' },
      wholeArchive: false,
      until: Infinity,
      ...others,
    };
    const swept = await sweep(
      {
        articles,
        feeds,
        clock,
        bus,
        cms,
        marks: this.marks,
        payloads: this.pipeline.payloads,
        ...(limit && { limit }),
      },
      order,
    );
    await this.#carry(bus);
    return swept;
  }

  async #carry(bus: MemoryBus): Promise<void> {
    this.endpoint.clock.time = Math.max(this.endpoint.clock.time, this.pipeline.clock.time) + 50;
    this.pipeline.clock.time = this.endpoint.clock.time;
    const time = new Date(this.pipeline.clock.time).toISOString();
    await this.pipeline.deliver(
      bus.events.splice(0).map(({ source, type, detail }) => busEvent(type, detail, { source, time })),
    );
    expect(this.pipeline.rejections.kept).toEqual([]);
  }

  live(): Record<string, readonly [string, string]> {
    return Object.fromEntries(
      [...this.pipeline.articles.heads.values()]
        .filter(({ visibility }) => visibility === 'live')
        .map(({ uri, card }) => [uri, [card?.headline ?? '', card?.section ?? '']] as const),
    );
  }

  versions(uri: string): number {
    return this.pipeline.articles.versions.get(articleIdOf(uri))?.size ?? 0;
  }
}

const names = Object.keys(listed);
const sweepAll = async (newsroom: Newsroom): Promise<number> => {
  let sent = 0;
  for (const name of names) sent += (await newsroom.sweep(name)).sent;
  return sent;
};

test.each(['reading', 'judging'])('names a story whose %s takes too long, and goes on', async (phase) => {
  const newsroom = new Newsroom({ ...listed, ghost: ['a1', 'slow', 'b2'].map((id) => ghostPost(id)) });
  const limit: TimeLimit = (work) => {
    const result = work();
    const isReading = typeof result === 'object' && result !== null && 'commands' in result;
    if (isReading === (phase === 'reading') && JSON.stringify(result ?? '').includes('slow'))
      throw new Overrun('must be simpler');
    return result;
  };
  const swept = await newsroom.sweep('ghost', {}, newsroom.cms, limit);
  expect(swept).toMatchObject({ sent: 2, isComplete: true });
  expect(swept.unreadable).toEqual([expect.stringContaining('must be simpler')]);
  expect(Object.keys(newsroom.live()).sort()).toEqual(['ghost:main/a1', 'ghost:main/b2']);
});

test.each<[string, number]>([
  ['for none of its stories', 0],
  ['after its third piece of work', 3],
])('a page for which no time is left %s is not passed by: the next sweep takes all its stories', async (_, pieces) => {
  const old = new Date(noon - 30 * 86_400_000).toISOString();
  const posts = Array.from({ length: 5 }, (__, index) =>
    ghostPost(`a${index}`, { updated_at: old, published_at: old }),
  );
  const newsroom = new Newsroom({ ...listed, ghost: posts });
  let left = pieces;
  const limit: TimeLimit = (work) => {
    if (left === 0) throw new NoTimeLeft('no time is left');
    left -= 1;
    return work();
  };
  const first = await newsroom.sweep('ghost', {}, newsroom.cms, limit);
  expect(first).toMatchObject({ isComplete: false, unreadable: [] });
  expect(first.sent).toBeLessThan(posts.length);
  expect(await newsroom.sweep('ghost')).toMatchObject({ isComplete: true, sent: posts.length - first.sent });
  expect(Object.keys(newsroom.live()).sort()).toEqual(posts.map((__, index) => `ghost:main/a${index}`));
});

test('live stories for which no time is left are looked up by the next sweep', async () => {
  const lists = { ...listed, ghost: [ghostPost('a1'), ghostPost('a2')] };
  const newsroom = new Newsroom(lists);
  await newsroom.sweep('ghost');
  lists.ghost.splice(0, 1);
  newsroom.pipeline.clock.time += 3 * 86_400_000;
  const limit = (): never => {
    throw new NoTimeLeft('no time is left');
  };
  expect(await newsroom.sweep('ghost', {}, newsroom.cms, limit)).toMatchObject({ withdrawn: 0 });
  expect(await newsroom.sweep('ghost')).toMatchObject({ withdrawn: 1 });
});

describe('a sweep of changes that webhooks lost', () => {
  test('sends nothing if nothing was lost', async () => {
    const newsroom = new Newsroom(listed);
    for (const delivery of deliveries) await newsroom.hear(delivery);
    expect(await sweepAll(newsroom)).toBe(0);
    expect(newsroom.live()).toEqual(ending);
  });

  test('ends as the lists of each CMS show, whichever webhooks were lost, and a second one finds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 2 }), { minLength: deliveries.length, maxLength: deliveries.length }),
        async (dropped) => {
          const newsroom = new Newsroom(listed);
          for (const [index, delivery] of deliveries.entries()) if (dropped[index] !== 0) await newsroom.hear(delivery);
          await sweepAll(newsroom);
          expect(newsroom.live()).toEqual(ending);
          expect(await sweepAll(newsroom)).toBe(0);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('imports the archive if no webhook ever came', async () => {
    const newsroom = new Newsroom(listed);
    await sweepAll(newsroom);
    expect(newsroom.live()).toEqual(ending);
  });
});

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

  test('requests only what changed since the last sweep', async () => {
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
    expect(swept.unreadable).toEqual(['1.0.title must be a string', '1.1. must be nested at most 100 deep']);
    expect(Object.keys(newsroom.live())).toContain('ghost:main/g3');
  });
});

describe('a sweep of Strapi', () => {
  const says = (event: string, entry: Record<string, unknown>): Delivery => ({
    source: 'strapi',
    body: { event, createdAt: '2026-03-02T10:00:00.000Z', model: 'article', entry },
  });
  const [english, french] = [
    strapiEntry(1, 'both', { locale: 'en', title: 'The pier' }),
    strapiEntry(2, 'both', { locale: 'fr', title: 'La jet\u00e9e', slug: 'la-jetee' }),
  ] as const;
  const norwegian = strapiEntry(3, 'only', { locale: 'nb-NO', title: 'Bare norsk', slug: 'bare-norsk' });
  let lists: { strapi: Record<string, unknown>[] };
  let newsroom: Newsroom;

  beforeEach(async () => {
    lists = { strapi: [english, french, norwegian] };
    newsroom = new Newsroom(lists);
    for (const entry of lists.strapi) await newsroom.hear(says('entry.publish', entry));
  });

  const uris = (): string[] => Object.keys(newsroom.live()).sort();

  test('does not withdraw a document that the default locale does not have', async () => {
    for (const wholeArchive of [false, true])
      expect(await newsroom.sweep('strapi', { wholeArchive })).toMatchObject({ sent: 0, withdrawn: 0 });
    expect(uris()).toEqual(['strapi:main/both.en', 'strapi:main/both.fr', 'strapi:main/only.nb-NO']);
  });

  test.each([
    ['en', 'strapi:main/both.fr'],
    ['fr', 'strapi:main/both.en'],
  ])('leaves a document live in the other locale if it was unpublished in %s', async (locale, other) => {
    lists.strapi.splice(
      lists.strapi.findIndex((entry) => entry['locale'] === locale),
      1,
    );
    expect((await newsroom.sweep('strapi')).withdrawn).toBe(1);
    expect(uris()).toEqual([other, 'strapi:main/only.nb-NO']);
    expect((await newsroom.sweep('strapi')).sent).toBe(0);
  });

  test('finds lost changes in every locale, even of drafts that were saved before the last sweep', async () => {
    await newsroom.sweep('strapi');
    const later = {
      updatedAt: '2026-03-02T08:30:00.000Z',
      publishedAt: new Date(newsroom.pipeline.clock.time).toISOString(),
    };
    lists.strapi.push(strapiEntry(4, 'lost', { locale: 'fr', title: 'Perdu', slug: 'perdu', ...later }));
    expect((await newsroom.sweep('strapi')).sent).toBe(1);
    expect(newsroom.live()['strapi:main/lost.fr']?.[0]).toBe('Perdu');
  });
});

describe('a sweep of WordPress', () => {
  const gmt = (instant: number): string => new Date(instant).toISOString().slice(0, 19);
  let lists: { wordpress: Record<string, unknown>[] };
  let newsroom: Newsroom;

  beforeEach(() => {
    lists = { wordpress: [] };
    newsroom = new Newsroom(lists);
  });

  const webhook = (rest: Record<string, unknown>, now: string, was: string | null): Delivery => ({
    source: 'wordpress',
    body: {
      hook: 'wp_after_insert_post',
      rest: { ...rest, status: now },
      new_status: now,
      old_status: was,
      sent_at: newsroom.endpoint.clock.time / 1000,
    },
  });

  test('finds a post that was rescheduled and published without a new time of change', async () => {
    const published = wordpressPost(11, { date_gmt: gmt(noon - 7_200_000), modified_gmt: gmt(noon - 7_200_000) });
    lists.wordpress.push(published);
    await newsroom.hear(webhook(published, 'publish', null));
    await newsroom.sweep('wordpress');
    const [moved] = [newsroom.pipeline.clock.time];
    lists.wordpress.pop();
    expect((await newsroom.sweep('wordpress')).withdrawn).toBe(1);
    expect(newsroom.live()).toEqual({});
    // Longer than the sweep looks back.
    newsroom.pipeline.clock.time += 3 * 86_400_000;
    await newsroom.sweep('wordpress');
    lists.wordpress.push({ ...published, modified_gmt: gmt(moved), date_gmt: gmt(newsroom.pipeline.clock.time) });
    expect((await newsroom.sweep('wordpress')).sent).toBe(1);
    expect(Object.keys(newsroom.live())).toEqual(['wordpress:main/11']);
  });

  test('is not undone by a late webhook of an earlier edit of a withdrawn post', async () => {
    const [first, second] = ['First', 'Second'].map((title, index) =>
      wordpressPost(11, { title: { rendered: title }, modified_gmt: gmt(noon - 7_200_000 + index * 1000) }),
    );
    await newsroom.hear(webhook(first ?? {}, 'publish', null));
    await newsroom.sweep('wordpress');
    expect(newsroom.live()).toEqual({});
    await newsroom.hear(webhook(second ?? {}, 'publish', 'publish'));
    expect(newsroom.live()).toEqual({});
  });

  test('restores an earlier text of a post with its earlier time, because the CMS shows it', async () => {
    const [first, second] = ['First', 'Second'].map((title, index) =>
      wordpressPost(11, { title: { rendered: title }, modified_gmt: gmt(noon - 7_200_000 + index * 1000) }),
    );
    await newsroom.hear(webhook(first ?? {}, 'publish', null));
    await newsroom.hear(webhook(second ?? {}, 'publish', 'publish'));
    lists.wordpress.push(first ?? {});
    expect((await newsroom.sweep('wordpress', { wholeArchive: true })).sent).toBe(1);
    expect(newsroom.live()['wordpress:main/11']?.[0]).toBe('First');
    expect((await newsroom.sweep('wordpress', { wholeArchive: true })).sent).toBe(0);
  });

  test('finds every post of an import, though all have one time of change', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => index + 1);
    lists.wordpress.push(...ids.map((id) => wordpressPost(id)));
    expect((await newsroom.sweep('wordpress', { wholeArchive: true })).sent).toBe(120);
    expect(Object.keys(newsroom.live())).toHaveLength(120);
  });

  test('is followed by a publication that WordPress makes later, whatever time of change it has', async () => {
    const date = noon - 60_000;
    const post = wordpressPost(11, { date_gmt: gmt(date), modified_gmt: gmt(noon - 7_200_000) });
    newsroom.endpoint.clock.time = noon - 3_600_000;
    await newsroom.hear(webhook(post, 'future', null));
    // Its date has come, and WP-Cron is late.
    newsroom.pipeline.clock.time = noon;
    await newsroom.sweep('wordpress');
    expect(newsroom.live()).toEqual({});
    newsroom.endpoint.clock.time = newsroom.pipeline.clock.time + 60_000;
    await newsroom.hear(webhook(post, 'publish', 'future'));
    expect(Object.keys(newsroom.live())).toEqual(['wordpress:main/11']);
  });

  test('finds no new version in markup that is rendered anew for each request', async () => {
    let requests = 0;
    const rendered = (): string => {
      requests += 1;
      return `<figure class="wp-block-gallery wp-block-gallery-${requests}" id="g-${Math.random()}"><img src="https://wp.example.com/a.jpg?_wpnonce=${requests}" alt="A &#038; B"></figure><form><label for="s-${requests}">Search</label><input id="s-${requests}"></form><iframe src="https://wp.example.com/story/embed/#?secret=k${requests}" data-secret="k${requests}"></iframe>`;
    };
    const post = (): Record<string, unknown> => wordpressPost(11, { content: { rendered: rendered() } });
    await newsroom.hear(webhook(post(), 'publish', null));
    lists.wordpress.push(post());
    for (const wholeArchive of [false, true, true]) {
      lists.wordpress.splice(0, 1, post());
      expect((await newsroom.sweep('wordpress', { wholeArchive })).sent).toBe(0);
    }
    expect(newsroom.versions('wordpress:main/11')).toBe(1);
  });
});

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

describe('an archive of many pages', () => {
  const archive = Array.from({ length: 170 }, (_, index) =>
    ghostPost(`a${index}`, {
      updated_at: new Date(Date.parse('2020-01-01T00:00:00Z') + index * 3_600_000).toISOString(),
      published_at: '2020-01-01T00:00:00.000Z',
    }),
  );

  test('is imported in parts, each of which continues where the last one stopped', async () => {
    const newsroom = new Newsroom({ ghost: archive });
    const pieces: Swept[] = [];
    do
      pieces.push(await newsroom.sweep('ghost', { until: newsroom.pipeline.clock.time + 100_000 }, new Slow(newsroom)));
    while (pieces.at(-1)?.isComplete === false && pieces.length < 20);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.map(({ seen }) => seen)).toEqual([...pieces.map(({ seen }) => seen)].sort((a, b) => a - b));
    expect(pieces.at(-1)).toMatchObject({ isComplete: true, seen: 170, total: 170 });
    expect(Object.keys(newsroom.live())).toHaveLength(170);
    expect((await newsroom.sweep('ghost', { wholeArchive: true })).sent).toBe(0);
  });

  test('is imported completely, even if a sweep of the last changes was interrupted', async () => {
    const newsroom = new Newsroom({ ghost: archive });
    const startedAt = new Date(newsroom.pipeline.clock.time).toISOString();
    await newsroom.marks.write('ghost:main', {
      sweptAt: startedAt,
      walk: { since: startedAt, startedAt, page: 1, seen: 0, total: 0 },
    });
    expect((await newsroom.sweep('ghost', { wholeArchive: true })).sent).toBe(170);
  });

  test('has no story hidden by another that is unpublished or edited during the import', async () => {
    const left = [...archive];
    const newsroom = new Newsroom({ ghost: left });
    let asked = 0;
    const moving: CmsApi = {
      ask: (request) => {
        const answer = newsroom.cms.ask(request);
        asked += 1;
        if (asked === 4) left.splice(left.length - 3, 2);
        return answer;
      },
    };
    await newsroom.sweep('ghost', {}, moving);
    for (const { id } of left) expect(newsroom.versions(`ghost:main/${String(id)}`)).toBe(1);
  });

  class Slow implements CmsApi {
    readonly #newsroom: Newsroom;
    constructor(newsroom: Newsroom) {
      this.#newsroom = newsroom;
    }
    ask(request: Parameters<CmsApi['ask']>[0]): Promise<ApiAnswer> {
      this.#newsroom.pipeline.clock.time += 25_000;
      return this.#newsroom.cms.ask(request);
    }
  }
});
