import { describe, expect, test } from '@jest/globals';
import { sendCanary } from '../../functions/watch/canary.ts';
import { longestWatchMilliseconds, timeoutMs, watch, type WatchPorts } from '../../functions/watch/watch.ts';
import type { ArticleAnnouncement } from '../../shared/events/announcement.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { listedChangeOf } from '../../shared/feed/listed-change.ts';
import { MemoryBus } from '../fakes/memory-webhooks.ts';
import { MemoryPublishTraces } from '../fakes/memory-publish-traces.ts';
import type { Reader } from '../../shared/ports.ts';
import {
  canaryUri,
  shownHeader,
  type FrontTrace,
  type Rejection,
  type TraceUpdate,
} from '../../shared/trace/publish-trace.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon, story } from './story.ts';

const uri = 'urn:newsroom:harbour-bridge';
const articleId = articleIdOf(uri);
const path = '/news/local/harbour-bridge';
const page = `/articles/${articleId}.json`;

type Answer = Awaited<ReturnType<Reader['read']>>;

/** The pipeline behind an edge that keeps what it has until it is purged, and a watcher whose pauses are the time that passes. */
class Watched {
  readonly pipeline = new Pipeline(noon + 3_600_000);
  readonly publishTraces = new MemoryPublishTraces();
  readonly counted: string[] = [];
  readonly measured: Record<string, number[]> = {};
  readonly asked: string[] = [];
  /** What happens while the watcher pauses. */
  meanwhile: () => Promise<void> | void = () => undefined;
  readonly #cache = new Map<string, Answer>();

  readonly ports: WatchPorts = {
    articles: this.pipeline.articles,
    publishTraces: this.publishTraces,
    announcer: this.pipeline.announcer,
    reader: { read: async (asked) => this.read(asked) },
    meter: {
      count: (...names) => this.counted.push(...names),
      milliseconds: (values) => {
        for (const [name, value] of Object.entries(values)) (this.measured[name] ??= []).push(value);
      },
    },
    timer: {
      now: () => this.pipeline.clock.now(),
      pause: async (milliseconds) => {
        this.pipeline.clock.time += milliseconds;
        await this.meanwhile();
      },
    },
  };

  async read(asked: string): Promise<Answer> {
    this.asked.push(asked);
    const kept = this.#cache.get(asked);
    if (kept) return kept;
    const { status, headers, body } = await this.pipeline.see(asked);
    const answer = { status, shown: headers[shownHeader], body };
    this.#cache.set(asked, answer);
    return answer;
  }

  purge(...paths: readonly string[]): void {
    if (paths.length === 0) this.#cache.clear();
    for (const purged of paths) this.#cache.delete(purged);
  }

  /** One event; what was announced of it. */
  async send(
    type: string,
    detail: Record<string, unknown>,
    envelope: Record<string, unknown> = {},
  ): Promise<{ readonly type: string; readonly detail: unknown }> {
    const before = this.pipeline.announcer.announced.length;
    await this.pipeline.send(type, detail, envelope);
    const told = this.pipeline.announcer.announced
      .slice(before)
      .find((one) => /^article\.(?:live|revised|withdrawn)$/.test(one.type));
    if (!told) throw new Error('nothing was announced');
    return told;
  }

  /** Follows until it is through or `inHand` is over; announced now unless told. */
  follow(
    told: { readonly type: string; readonly detail: unknown },
    { at = this.pipeline.clock.now(), inHand = 2 * timeoutMs } = {},
  ): ReturnType<typeof watch> {
    return watch(this.ports, { ...told, at }, this.pipeline.clock.now() + inHand);
  }

  fresh(): unknown[] {
    return this.pipeline.announcer.announced.filter(({ type }) => type === 'article.fresh').map(({ detail }) => detail);
  }
}

const published = { article: story(), path };
const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

describe('a publish', () => {
  test('is fresh when its page and every list of it show it, and that is told with the time it took', async () => {
    const desk = new Watched();
    const told = await desk.send('article.published', published);
    expect(await desk.follow(told)).toBeUndefined();
    expect(desk.fresh()).toEqual([
      expect.objectContaining({ articleId, seq: expect.any(Number), milliseconds: expect.any(Number) }),
    ]);
    expect(desk.counted).toEqual(['WentLive', 'Watched', 'Fresh']);
    expect(Object.keys(desk.measured).sort()).toEqual(['PublishToFeeds', 'PublishToFresh', 'PublishToStored']);
    expect(desk.asked).toEqual(
      expect.arrayContaining([
        page,
        path,
        '/feeds/latest.json',
        '/feeds/section/news/local.json',
        '/feeds/topic/bridges.json',
      ]),
    );
  });

  test('that is fresh at the first look is noted in one write', async () => {
    const desk = new Watched();
    const told = await desk.send('article.published', published);
    const noted: unknown[] = [];
    const publishTraces = {
      latest: (limit: number) => desk.publishTraces.latest(limit),
      of: (id: string) => desk.publishTraces.of(id),
      rejections: (limit: number) => desk.publishTraces.rejections(limit),
      noteRejection: (rejection: Rejection) => desk.publishTraces.noteRejection(rejection),
      fronts: () => desk.publishTraces.fronts(),
      noteFront: (front: FrontTrace) => desk.publishTraces.noteFront(front),
      note: (id: string, seq: number, sighting: TraceUpdate) => {
        noted.push(sighting);
        return desk.publishTraces.note(id, seq, sighting);
      },
    };
    expect(await watch({ ...desk.ports, publishTraces }, { ...told, at: noon }, Infinity)).toBeUndefined();
    expect(noted).toEqual([
      expect.objectContaining({ change: 'live', announcedAt: noon, freshAt: desk.pipeline.clock.now() }),
    ]);
  });

  test.each([
    ['page', path],
    ['page', page],
    ['lists', '/feeds/section/news/local.json'],
  ])('is not while its %s is old at %s', async (_, stale) => {
    const desk = new Watched();
    await desk.send('article.published', published);
    for (const asked of [path, page, '/feeds/section/news/local.json']) await desk.read(asked);
    const told = await desk.send('article.updated', {
      article: story({ versionCreated: at(30), headlines: [{ value: 'Bridge open' }] }),
      path,
    });
    desk.purge(...[path, page, '/feeds/section/news/local.json'].filter((asked) => asked !== stale));
    const began = desk.pipeline.clock.now();
    let pauses = 0;
    desk.meanwhile = () => {
      pauses += 1;
      if (pauses === 3) desk.purge();
    };
    expect(await desk.follow(told)).toBeUndefined();
    expect(pauses).toBe(3);
    expect(desk.fresh()).toHaveLength(1);
    expect((await desk.publishTraces.of(articleId))[0]).toMatchObject({
      change: 'revised',
      announcedAt: began,
      freshAt: desk.pipeline.clock.now(),
    });
  });

  test('with a new text alone does not wait for lists, which no purge makes new', async () => {
    const desk = new Watched();
    await desk.send('article.published', published);
    await desk.read('/feeds/latest.json');
    const told = await desk.send('article.updated', {
      article: story({ versionCreated: at(30), bodies: [{ contentType: 'text/html', value: '<p>Another text.</p>' }] }),
      path,
    });
    expect(await desk.follow(told)).toBeUndefined();
    expect(desk.fresh()).toHaveLength(1);
  });

  test('that an even newer one overtook is fresh too', async () => {
    const desk = new Watched();
    const first = await desk.send('article.published', published);
    await desk.send('article.unpublished', { article: { uri, versionCreated: at(40) } });
    expect(await desk.follow(first)).toBeUndefined();
    expect(desk.fresh()).toHaveLength(1);
  });

  test('far down its lists is not looked for on their first pages', async () => {
    const desk = new Watched();
    const old = await desk.send('article.published', { ...published, article: story({ versionCreated: at(-600) }) });
    for (let number = 0; number < 31; number += 1) {
      await desk.send('article.published', {
        article: story({ uri: `urn:newsroom:${number}`, versionCreated: at(number - 100), associations: [] }),
      });
    }
    expect(await desk.follow(old)).toBeUndefined();
  });
});

describe('a withdrawal', () => {
  test.each([path, page, '/feeds/latest.json'])('is not through while %s still shows the story', async (stale) => {
    const desk = new Watched();
    await desk.send('article.published', published);
    await desk.read(stale);
    const told = await desk.send('article.unpublished', { article: { uri, versionCreated: at(40) } });
    expect(await desk.follow(told)).toEqual({ articleId, seq: expect.any(Number), late: ['purge', 'withdrawal'] });
    expect(desk.counted).toContain('StillPublic');
    desk.purge();
    expect(await desk.follow(told)).toBeUndefined();
    expect(await desk.read(page)).toMatchObject({ status: 410 });
  });

  test('whose path another story took meanwhile is through', async () => {
    const desk = new Watched();
    await desk.send('article.published', published);
    const told = await desk.send('article.unpublished', { article: { uri, versionCreated: at(40) } });
    await desk.send('article.published', {
      article: story({ uri: 'urn:newsroom:heir', versionCreated: at(50) }),
      path,
    });
    expect(await desk.follow(told)).toBeUndefined();
  });
});

describe('what does not come', () => {
  test('is told after a minute, with what was stuck', async () => {
    const desk = new Watched();
    await desk.send('article.published', published);
    await desk.read(page);
    const told = await desk.send('article.updated', { article: story({ versionCreated: at(30) }), path });
    const began = desk.pipeline.clock.now();
    const { seq } = told.detail as { seq: number };
    expect(
      await watch(
        desk.ports,
        { type: 'cdn.purged', detail: { articles: [{ articleId, seq }] }, at: began + 2000 },
        Infinity,
      ),
    ).toBeUndefined();
    expect(await desk.follow(told)).toEqual({ articleId, seq, late: ['page'] });
    expect(desk.pipeline.clock.now() - began).toBeGreaterThan(timeoutMs);
    expect(desk.counted).toEqual(['WentRevised', 'Watched', 'NotFresh', 'PageNotFresh']);
    expect(desk.measured['PublishToPurged']).toHaveLength(1);
    expect(desk.fresh()).toEqual([]);
  });

  test('and comes late after all is told then, and counted as late alone; after an hour, nobody looks any more', async () => {
    const desk = new Watched();
    await desk.send('article.published', published);
    await desk.read(page);
    const told = await desk.send('article.updated', { article: story({ versionCreated: at(30) }), path });
    const began = desk.pipeline.clock.now();
    expect(await desk.follow(told)).toMatchObject({ late: ['purge', 'page'] });
    const counted = [...desk.counted];
    desk.pipeline.clock.time += 90_000;
    const asked = desk.asked.length;
    expect(await desk.follow(told)).toBe('later');
    expect(desk.asked.slice(asked).filter((one) => one === page)).toHaveLength(1);
    desk.pipeline.clock.time = began + 50 * 60_000;
    expect(await desk.follow(told)).toBe('later');
    desk.purge();
    expect(await desk.follow(told)).toBeUndefined();
    expect(desk.fresh()).toEqual([expect.objectContaining({ articleId, milliseconds: expect.any(Number) })]);
    expect(desk.counted).toEqual(counted);
    expect(desk.measured).not.toHaveProperty('PublishToFresh');

    const never = await desk.send('article.updated', { article: story({ versionCreated: at(40) }), path });
    const announcedAt = desk.pipeline.clock.now();
    expect(await desk.follow(never)).toMatchObject({ late: ['purge', 'page'] });
    desk.pipeline.clock.time = announcedAt + longestWatchMilliseconds;
    expect(await desk.follow(never)).toBeUndefined();
    expect(desk.fresh()).toHaveLength(1);
  });

  test('is looked at again later when the invocation has no time left', async () => {
    const desk = new Watched();
    await desk.send('article.published', published);
    await desk.read(page);
    const told = await desk.send('article.updated', { article: story({ versionCreated: at(30) }), path });
    expect(await desk.follow(told, { inHand: 5000 })).toBe('again');
    desk.purge();
    desk.pipeline.clock.time += 4000;
    expect(await desk.follow(told)).toBeUndefined();
    expect(desk.counted).toEqual(['WentRevised', 'Watched', 'Fresh']);
  });

  test('is no measure of the readers when the watcher itself came late', async () => {
    const desk = new Watched();
    const told = await desk.send('article.published', published);
    const announcedAt = desk.pipeline.clock.now();
    desk.pipeline.clock.time += 2 * timeoutMs;
    expect(await desk.follow(told, { at: announcedAt })).toBeUndefined();
    expect(desk.measured).not.toHaveProperty('PublishToFresh');
  });

  test('nobody answers at the edge: it is late, not an error', async () => {
    const desk = new Watched();
    const told = await desk.send('article.published', published);
    const ports = { ...desk.ports, reader: { read: () => Promise.resolve({ status: 0, body: '' }) } };
    expect(await watch(ports, { ...told, at: desk.pipeline.clock.now() }, Infinity)).toMatchObject({
      late: ['purge', 'page', 'lists'],
    });
  });
});

test('an announcement that comes twice is told and counted once', async () => {
  const desk = new Watched();
  const told = await desk.send('article.published', published);
  await desk.follow(told);
  desk.pipeline.clock.time += 5000;
  await desk.follow(told);
  const [first, second] = desk.fresh();
  expect(second).toEqual(first);
  expect(desk.counted).toEqual(['WentLive', 'Watched', 'Fresh']);
});

test.each([1, 60])(
  'what waited %d minutes for its embargo is measured from when it was due, not from when it came in',
  async (minutes) => {
    const desk = new Watched();
    await desk.pipeline.send('article.published', {
      article: story({ versionCreated: at(60), embargoedUntil: at(60 + minutes) }),
      path,
    });
    const before = desk.pipeline.announcer.announced.length;
    await desk.pipeline.pass(minutes * 60_000);
    const told = desk.pipeline.announcer.announced.slice(before).find(({ type }) => type === 'article.live');
    if (!told) throw new Error('the embargo did not end');
    await desk.follow(told);
    expect(desk.measured['PublishToFresh']?.[0]).toBeLessThan(30_000);
  },
);

test.each([5, 60])(
  'a hold, and its end, %d minutes after the story came are measured from when they were ordered',
  async (minutes) => {
    const desk = new Watched();
    await desk.follow(await desk.send('article.published', published));
    for (const [index, type] of ['article.held', 'article.unheld'].entries()) {
      desk.pipeline.clock.time += minutes * 60_000;
      const order = { article: { uri, versionCreated: new Date(desk.pipeline.clock.now()).toISOString() } };
      const told = await desk.send(type, order);
      desk.purge();
      await desk.follow(told);
      expect(desk.measured['PublishToFresh']?.[index + 1]).toBeLessThan(5000);
      expect((await desk.publishTraces.of(articleId))[0]).toHaveProperty('receivedAt');
    }
  },
);

test('a refusal is kept with its reasons', async () => {
  const desk = new Watched();
  const detail = {
    id: 'one',
    eventId: 'event',
    source: 'cms.ghost',
    uri,
    errors: [{ path: 'article.uri', message: 'is too long' }],
  };
  await watch(desk.ports, { type: 'article.rejected', detail, at: noon }, Infinity);
  expect(await desk.publishTraces.rejections(10)).toEqual([
    { eventId: 'event', source: 'cms.ghost', uri, errors: detail.errors, refusedAt: noon },
  ]);
});

test('the last change of a front is kept, and of a refused one its name', async () => {
  const desk = new Watched();
  const { pipeline, publishTraces } = desk;
  const front = (minutes: number) => ({
    front: { name: 'home', versionCreated: at(minutes), containers: [{ title: 'Top', backfill: 'latest' }] },
  });
  await pipeline.send('front.published', front(0));
  await pipeline.send('front.unpublished', { front: { name: 'home', versionCreated: at(1) } });
  await pipeline.send('front.published', { front: { name: 'home', versionCreated: at(2), containers: [] } });
  const told = pipeline.announcer.announced.toReversed();
  for (const { type, detail } of told) await watch(desk.ports, { type, detail, at: noon }, Infinity);
  expect(told.map(({ type }) => type)).toEqual(['article.rejected', 'front.changed', 'front.changed']);
  expect(await publishTraces.fronts()).toEqual([
    {
      name: 'home',
      seq: told[1]?.detail.seq,
      change: 'withdrawn',
      changedAt: Date.parse(told[1]?.detail.occurredAt ?? ''),
    },
  ]);
  expect(await publishTraces.rejections(10)).toMatchObject([{ front: 'home', errors: [{ path: 'front.containers' }] }]);
});

test('what announcements say is kept nowhere after an erasure, not even a field that they get later', async () => {
  const desk = new Watched();
  const { pipeline, publishTraces } = desk;
  const words = 'Words of the harbour';
  const article = story({ headlines: [{ value: words }] });
  for (const [type, detail] of [
    ['article.published', { article, path }],
    [
      'article.updated',
      {
        article: { ...article, versionCreated: at(30), headlines: [{ value: `${words}, again` }] },
        path: `${path}-again`,
      },
    ],
    ['article.erased', { article: { uri, versionCreated: at(40) } }],
  ] as const) {
    const told = await desk.send(type, detail);
    const saidMore = { type: told.type, detail: { ...(told.detail as object), summary: words, notes: [{ words }] } };
    await pipeline.changeList.list(listedChangeOf(saidMore as unknown as ArticleAnnouncement));
    desk.purge();
    await desk.follow(saidMore);
  }
  const { rows } = await pipeline.changeList.page('', Number.MAX_SAFE_INTEGER, 100);
  const seen = await publishTraces.latest(100);
  expect([rows.filter(({ change }) => change.type === 'article.withdrawn').length, seen.length]).toEqual([1, 3]);
  const inTables = [
    pipeline.articles.versions,
    pipeline.articles.heads,
    pipeline.articles.owners,
    pipeline.feeds.rows,
  ].map((table) => JSON.stringify(table, (_, value: unknown) => (value instanceof Map ? [...value.entries()] : value)));
  expect([JSON.stringify([rows, seen]), ...inTables].filter((kept) => /words.of.the.harbour/i.test(kept))).toEqual([]);
  expect((await pipeline.see('/changes')).body).not.toMatch(/words.of.the.harbour/i);
});

describe('what the pipeline does by itself', () => {
  test("audio is followed to the reader like any change, and counts as nobody's waiting", async () => {
    const desk = new Watched();
    await desk.follow(await desk.send('article.published', published));
    const counted = { ...desk.measured };
    const told = await desk.send('article.updated', {
      article: story({ versionCreated: at(30), headlines: [{ value: 'Bridge open' }] }),
      path,
    });
    desk.purge();
    await desk.follow({ ...told, detail: { ...(told.detail as object), audio: true } });
    expect(desk.measured).toEqual(counted);
    const [publishTrace] = await desk.publishTraces.of(articleId);
    expect(publishTrace).toMatchObject({ audio: true, freshAt: desk.pipeline.clock.now() });
    expect(publishTrace).not.toHaveProperty('receivedAt');
  });
});

describe('the canary', () => {
  const quiet = 10 * 60_000;

  test('goes the whole way and stands in no list that readers have', async () => {
    const desk = new Watched();
    const bus = new MemoryBus();
    expect(await sendCanary({ publishTraces: desk.publishTraces, bus, clock: desk.pipeline.clock }, quiet)).toBe(true);
    const [event] = bus.events;
    expect(event).toMatchObject({ source: 'pressrun.canary', type: 'article.published' });
    const told = await desk.send('article.published', { ...event?.detail }, { source: event?.source });
    expect(await desk.follow(told)).toBeUndefined();
    expect(await desk.pipeline.see(`/articles/${articleIdOf(canaryUri)}.json`)).toMatchObject({ status: 200 });
    const lists = await Promise.all(
      ['/', '/latest', '/feeds/latest.json', '/feeds/latest.rss', '/sitemap-news.xml'].map((asked) =>
        desk.pipeline.see(asked),
      ),
    );
    for (const { body } of lists) expect(body).not.toContain('anary');
    expect((await desk.pipeline.see(`/articles/${articleIdOf(canaryUri)}/canary`)).headers).toMatchObject({
      'x-robots-tag': 'noindex',
    });
  });

  test('is only sent when it has been quiet for long enough', async () => {
    const desk = new Watched();
    const bus = new MemoryBus();
    await desk.follow(await desk.send('article.published', published));
    desk.pipeline.clock.time += quiet - 10_000;
    expect(await sendCanary({ publishTraces: desk.publishTraces, bus, clock: desk.pipeline.clock }, quiet)).toBe(false);
    desk.pipeline.clock.time += 10_000;
    expect(await sendCanary({ publishTraces: desk.publishTraces, bus, clock: desk.pipeline.clock }, quiet)).toBe(true);
    expect(bus.events).toHaveLength(1);
  });
});
