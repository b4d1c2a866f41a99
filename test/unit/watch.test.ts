import { describe, expect, test } from '@jest/globals';
import { sendCanary } from '../../functions/watch/canary.ts';
import { longestWatchMilliseconds, timeoutMs, watch, type WatchPorts } from '../../functions/watch/watch.ts';
import type { ArticleAnnouncement } from '../../shared/events/announcement.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { listedChangeOf } from '../../shared/feed/listed-change.ts';
import { MemoryBus } from '../fakes/memory-webhooks.ts';
import { MemoryPublishTraces } from '../fakes/memory-publish-traces.ts';
import type { Reader } from '../../shared/trace/ports.ts';
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

/**
 * The pipeline behind an edge that keeps answers until they are purged, and a watcher whose pauses advance the clock.
 */
class Watched {
  readonly pipeline = new Pipeline(noon + 3_600_000);
  readonly publishTraces = new MemoryPublishTraces();
  readonly counted: string[] = [];
  readonly measured: Record<string, number[]> = {};
  readonly asked: string[] = [];
  /** Runs while the watcher pauses. */
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

  /** Sends one event. Returns its announcement. */
  async send(
    type: string,
    detail: Record<string, unknown>,
    envelope: Record<string, unknown> = {},
  ): Promise<{ readonly type: string; readonly detail: unknown }> {
    const before = this.pipeline.announcer.announced.length;
    await this.pipeline.send(type, detail, envelope);
    const announced = this.pipeline.announcer.announced
      .slice(before)
      .find((one) => /^article\.(?:live|revised|withdrawn)$/.test(one.type));
    if (!announced) throw new Error('nothing was announced');
    return announced;
  }

  /** Follows a change until it is fresh or `inHand` is over. Default: announced now. */
  follow(
    announced: { readonly type: string; readonly detail: unknown },
    { at = this.pipeline.clock.now(), inHand = 2 * timeoutMs } = {},
  ): ReturnType<typeof watch> {
    return watch(this.ports, { ...announced, at }, this.pipeline.clock.now() + inHand);
  }

  fresh(): unknown[] {
    return this.pipeline.announcer.announced.filter(({ type }) => type === 'article.fresh').map(({ detail }) => detail);
  }
}

const published = { article: story(), path };
const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

describe('a publish', () => {
  test('is noted with the source of its event', async () => {
    const watched = new Watched();
    const announced = await watched.send('article.published', published, { source: 'wire' });
    await watched.follow(announced);
    expect(await watched.publishTraces.of(articleId)).toMatchObject([{ uri, source: 'wire' }]);
  });

  test('is fresh when its page and every list show it, and is announced with the duration', async () => {
    const watched = new Watched();
    const announced = await watched.send('article.published', published);
    expect(await watched.follow(announced)).toBeUndefined();
    expect(watched.fresh()).toEqual([
      expect.objectContaining({ articleId, seq: expect.any(Number), milliseconds: expect.any(Number) }),
    ]);
    expect(watched.counted).toEqual(['WentLive', 'Watched', 'Fresh']);
    expect(Object.keys(watched.measured).sort()).toEqual(['PublishToFeeds', 'PublishToFresh', 'PublishToStored']);
    expect(watched.asked).toEqual(
      expect.arrayContaining([
        page,
        path,
        '/feeds/latest.json',
        '/feeds/section/news/local.json',
        '/feeds/topic/bridges.json',
      ]),
    );
  });

  test('that is fresh at the first poll is noted in one write', async () => {
    const watched = new Watched();
    const announced = await watched.send('article.published', published);
    const noted: unknown[] = [];
    const publishTraces = {
      latest: (limit: number) => watched.publishTraces.latest(limit),
      of: (id: string) => watched.publishTraces.of(id),
      rejections: (limit: number) => watched.publishTraces.rejections(limit),
      noteRejection: (rejection: Rejection) => watched.publishTraces.noteRejection(rejection),
      fronts: () => watched.publishTraces.fronts(),
      noteFront: (front: FrontTrace) => watched.publishTraces.noteFront(front),
      note: (id: string, seq: number, sighting: TraceUpdate) => {
        noted.push(sighting);
        return watched.publishTraces.note(id, seq, sighting);
      },
    };
    expect(await watch({ ...watched.ports, publishTraces }, { ...announced, at: noon }, Infinity)).toBeUndefined();
    expect(noted).toEqual([
      expect.objectContaining({ change: 'live', announcedAt: noon, freshAt: watched.pipeline.clock.now() }),
    ]);
  });

  test.each([
    ['page', path],
    ['page', page],
    ['lists', '/feeds/section/news/local.json'],
  ])('is not fresh while its %s is old at %s', async (_, stale) => {
    const watched = new Watched();
    await watched.send('article.published', published);
    for (const asked of [path, page, '/feeds/section/news/local.json']) await watched.read(asked);
    const announced = await watched.send('article.updated', {
      article: story({ versionCreated: at(30), headlines: [{ value: 'Bridge open' }] }),
      path,
    });
    watched.purge(...[path, page, '/feeds/section/news/local.json'].filter((asked) => asked !== stale));
    const began = watched.pipeline.clock.now();
    let pauses = 0;
    watched.meanwhile = () => {
      pauses += 1;
      if (pauses === 3) watched.purge();
    };
    expect(await watched.follow(announced)).toBeUndefined();
    expect(pauses).toBe(3);
    expect(watched.fresh()).toHaveLength(1);
    expect((await watched.publishTraces.of(articleId))[0]).toMatchObject({
      change: 'revised',
      announcedAt: began,
      freshAt: watched.pipeline.clock.now(),
    });
  });

  test('with a new text alone does not wait for lists, which are not purged for it', async () => {
    const watched = new Watched();
    await watched.send('article.published', published);
    await watched.read('/feeds/latest.json');
    const announced = await watched.send('article.updated', {
      article: story({ versionCreated: at(30), bodies: [{ contentType: 'text/html', value: '<p>Another text.</p>' }] }),
      path,
    });
    expect(await watched.follow(announced)).toBeUndefined();
    expect(watched.fresh()).toHaveLength(1);
  });

  test('that a newer one replaced is fresh, too', async () => {
    const watched = new Watched();
    const first = await watched.send('article.published', published);
    await watched.send('article.unpublished', { article: { uri, versionCreated: at(40) } });
    expect(await watched.follow(first)).toBeUndefined();
    expect(watched.fresh()).toHaveLength(1);
  });

  test('far down in its lists is not expected on their first pages', async () => {
    const watched = new Watched();
    const old = await watched.send('article.published', { ...published, article: story({ versionCreated: at(-600) }) });
    for (let number = 0; number < 31; number += 1) {
      await watched.send('article.published', {
        article: story({ uri: `urn:newsroom:${number}`, versionCreated: at(number - 100), associations: [] }),
      });
    }
    expect(await watched.follow(old)).toBeUndefined();
  });
});

describe('a withdrawal', () => {
  test.each([path, page, '/feeds/latest.json'])('is not complete while %s still shows the story', async (stale) => {
    const watched = new Watched();
    await watched.send('article.published', published);
    await watched.read(stale);
    const announced = await watched.send('article.unpublished', { article: { uri, versionCreated: at(40) } });
    expect(await watched.follow(announced)).toEqual({
      articleId,
      seq: expect.any(Number),
      late: ['purge', 'withdrawal'],
    });
    expect(watched.counted).toContain('StillPublic');
    watched.purge();
    expect(await watched.follow(announced)).toBeUndefined();
    expect(await watched.read(page)).toMatchObject({ status: 410 });
  });

  test('is complete if another story has taken the path meanwhile', async () => {
    const watched = new Watched();
    await watched.send('article.published', published);
    const announced = await watched.send('article.unpublished', { article: { uri, versionCreated: at(40) } });
    await watched.send('article.published', {
      article: story({ uri: 'urn:newsroom:heir', versionCreated: at(50) }),
      path,
    });
    expect(await watched.follow(announced)).toBeUndefined();
  });
});

describe('a change that does not become fresh', () => {
  test('is reported as late after a minute, with the steps that are not done', async () => {
    const watched = new Watched();
    await watched.send('article.published', published);
    await watched.read(page);
    const announced = await watched.send('article.updated', { article: story({ versionCreated: at(30) }), path });
    const began = watched.pipeline.clock.now();
    const { seq } = announced.detail as { seq: number };
    expect(
      await watch(
        watched.ports,
        { type: 'cdn.purged', detail: { articles: [{ articleId, seq }] }, at: began + 2000 },
        Infinity,
      ),
    ).toBeUndefined();
    expect(await watched.follow(announced)).toEqual({ articleId, seq, late: ['page'] });
    expect(watched.pipeline.clock.now() - began).toBeGreaterThan(timeoutMs);
    expect(watched.counted).toEqual(['WentRevised', 'Watched', 'NotFresh', 'PageNotFresh']);
    expect(watched.measured['PublishToPurged']).toHaveLength(1);
    expect(watched.fresh()).toEqual([]);
  });

  test('that becomes fresh later is announced then and counted as late only; after an hour it is no longer polled', async () => {
    const watched = new Watched();
    await watched.send('article.published', published);
    await watched.read(page);
    const announced = await watched.send('article.updated', { article: story({ versionCreated: at(30) }), path });
    const began = watched.pipeline.clock.now();
    expect(await watched.follow(announced)).toMatchObject({ late: ['purge', 'page'] });
    const counted = [...watched.counted];
    watched.pipeline.clock.time += 90_000;
    const asked = watched.asked.length;
    expect(await watched.follow(announced)).toBe('later');
    expect(watched.asked.slice(asked).filter((one) => one === page)).toHaveLength(1);
    watched.pipeline.clock.time = began + 50 * 60_000;
    expect(await watched.follow(announced)).toBe('later');
    watched.purge();
    expect(await watched.follow(announced)).toBeUndefined();
    expect(watched.fresh()).toEqual([expect.objectContaining({ articleId, milliseconds: expect.any(Number) })]);
    expect(watched.counted).toEqual(counted);
    expect(watched.measured).not.toHaveProperty('PublishToFresh');

    const never = await watched.send('article.updated', { article: story({ versionCreated: at(40) }), path });
    const announcedAt = watched.pipeline.clock.now();
    expect(await watched.follow(never)).toMatchObject({ late: ['purge', 'page'] });
    watched.pipeline.clock.time = announcedAt + longestWatchMilliseconds;
    expect(await watched.follow(never)).toBeUndefined();
    expect(watched.fresh()).toHaveLength(1);
  });

  test('is polled again if the invocation has no time left', async () => {
    const watched = new Watched();
    await watched.send('article.published', published);
    await watched.read(page);
    const announced = await watched.send('article.updated', { article: story({ versionCreated: at(30) }), path });
    expect(await watched.follow(announced, { inHand: 5000 })).toBe('again');
    watched.purge();
    watched.pipeline.clock.time += 4000;
    expect(await watched.follow(announced)).toBeUndefined();
    expect(watched.counted).toEqual(['WentRevised', 'Watched', 'Fresh']);
  });

  test('is not measured if the watcher itself was late', async () => {
    const watched = new Watched();
    const announced = await watched.send('article.published', published);
    const announcedAt = watched.pipeline.clock.now();
    watched.pipeline.clock.time += 2 * timeoutMs;
    expect(await watched.follow(announced, { at: announcedAt })).toBeUndefined();
    expect(watched.measured).not.toHaveProperty('PublishToFresh');
  });

  test('is late, and not an error, if the edge does not answer', async () => {
    const watched = new Watched();
    const announced = await watched.send('article.published', published);
    const ports = { ...watched.ports, reader: { read: () => Promise.resolve({ status: 0, body: '' }) } };
    expect(await watch(ports, { ...announced, at: watched.pipeline.clock.now() }, Infinity)).toMatchObject({
      late: ['purge', 'page', 'lists'],
    });
  });
});

test.each([403, 429])('an edge that rejects the watcher with %d is no measure of what readers see', async (status) => {
  const desk = new Watched();
  const announced = await desk.send('article.published', published);
  const ports = { ...desk.ports, reader: { read: () => Promise.resolve({ status, body: '' }) } };
  expect(await watch(ports, { ...announced, at: desk.pipeline.clock.now() }, Infinity)).toBeUndefined();
  expect(desk.counted).toEqual(['WentLive', 'Refused']);
  expect(desk.fresh()).toEqual([]);
});

test('a repeated announcement is announced as fresh and counted once', async () => {
  const watched = new Watched();
  const announced = await watched.send('article.published', published);
  await watched.follow(announced);
  watched.pipeline.clock.time += 5000;
  await watched.follow(announced);
  const [first, second] = watched.fresh();
  expect(second).toEqual(first);
  expect(watched.counted).toEqual(['WentLive', 'Watched', 'Fresh']);
});

test.each([1, 60])(
  'a publish after an embargo of %d minutes is measured from the embargo’s end, not from its receipt',
  async (minutes) => {
    const watched = new Watched();
    await watched.pipeline.send('article.published', {
      article: story({ versionCreated: at(60), embargoedUntil: at(60 + minutes) }),
      path,
    });
    const before = watched.pipeline.announcer.announced.length;
    await watched.pipeline.pass(minutes * 60_000);
    const announced = watched.pipeline.announcer.announced.slice(before).find(({ type }) => type === 'article.live');
    if (!announced) throw new Error('the embargo did not end');
    await watched.follow(announced);
    expect(watched.measured['PublishToFresh']?.[0]).toBeLessThan(30_000);
  },
);

test.each([5, 60])(
  'a hold and its end, %d minutes after the story, are each measured from their own receipt',
  async (minutes) => {
    const watched = new Watched();
    await watched.follow(await watched.send('article.published', published));
    for (const [index, type] of ['article.held', 'article.unheld'].entries()) {
      watched.pipeline.clock.time += minutes * 60_000;
      const order = { article: { uri, versionCreated: new Date(watched.pipeline.clock.now()).toISOString() } };
      const announced = await watched.send(type, order);
      watched.purge();
      await watched.follow(announced);
      expect(watched.measured['PublishToFresh']?.[index + 1]).toBeLessThan(5000);
      expect((await watched.publishTraces.of(articleId))[0]).toHaveProperty('receivedAt');
    }
  },
);

test('a rejection is kept with its issues', async () => {
  const watched = new Watched();
  const detail = {
    id: 'one',
    eventId: 'event',
    source: 'cms.ghost',
    uri,
    errors: [{ path: 'article.uri', message: 'is too long' }],
  };
  await watch(watched.ports, { type: 'article.rejected', detail, at: noon }, Infinity);
  expect(await watched.publishTraces.rejections(10)).toEqual([
    { eventId: 'event', source: 'cms.ghost', uri, errors: detail.errors, refusedAt: noon },
  ]);
});

test('the last change of a front is kept, and the name of a rejected front', async () => {
  const watched = new Watched();
  const { pipeline, publishTraces } = watched;
  const front = (minutes: number) => ({
    front: { name: 'home', versionCreated: at(minutes), containers: [{ title: 'Top', backfill: 'latest' }] },
  });
  await pipeline.send('front.published', front(0));
  await pipeline.send('front.unpublished', { front: { name: 'home', versionCreated: at(1) } });
  await pipeline.send('front.published', { front: { name: 'home', versionCreated: at(2), containers: [] } });
  const announced = pipeline.announcer.announced.toReversed();
  for (const { type, detail } of announced) await watch(watched.ports, { type, detail, at: noon }, Infinity);
  expect(announced.map(({ type }) => type)).toEqual(['article.rejected', 'front.changed', 'front.changed']);
  expect(await publishTraces.fronts()).toEqual([
    {
      name: 'home',
      seq: announced[1]?.detail.seq,
      change: 'withdrawn',
      changedAt: Date.parse(announced[1]?.detail.occurredAt ?? ''),
    },
  ]);
  expect(await publishTraces.rejections(10)).toMatchObject([{ front: 'home', errors: [{ path: 'front.containers' }] }]);
});

test('an erasure removes all texts of announcements, including fields that later releases add', async () => {
  const watched = new Watched();
  const { pipeline, publishTraces } = watched;
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
    const announced = await watched.send(type, detail);
    const saidMore = {
      type: announced.type,
      detail: { ...(announced.detail as object), summary: words, notes: [{ words }] },
    };
    await pipeline.changeList.list(listedChangeOf(saidMore as unknown as ArticleAnnouncement));
    watched.purge();
    await watched.follow(saidMore);
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

describe('changes that the pipeline makes itself', () => {
  test('are followed to the reader if they are audio, but not measured as a publish', async () => {
    const watched = new Watched();
    await watched.follow(await watched.send('article.published', published));
    const counted = { ...watched.measured };
    const announced = await watched.send('article.updated', {
      article: story({ versionCreated: at(30), headlines: [{ value: 'Bridge open' }] }),
      path,
    });
    watched.purge();
    await watched.follow({ ...announced, detail: { ...(announced.detail as object), audio: true } });
    expect(watched.measured).toEqual(counted);
    const [publishTrace] = await watched.publishTraces.of(articleId);
    expect(publishTrace).toMatchObject({ audio: true, freshAt: watched.pipeline.clock.now() });
    expect(publishTrace).not.toHaveProperty('receivedAt');
  });
});

describe('the canary', () => {
  const quiet = 10 * 60_000;

  test('goes through the whole pipeline, and is in no list of readers', async () => {
    const watched = new Watched();
    const bus = new MemoryBus();
    expect(await sendCanary({ publishTraces: watched.publishTraces, bus, clock: watched.pipeline.clock }, quiet)).toBe(
      true,
    );
    const [event] = bus.events;
    expect(event).toMatchObject({ source: 'pressrun.canary', type: 'article.published' });
    const announced = await watched.send('article.published', { ...event?.detail }, { source: event?.source });
    expect(await watched.follow(announced)).toBeUndefined();
    expect(await watched.pipeline.see(`/articles/${articleIdOf(canaryUri)}.json`)).toMatchObject({ status: 200 });
    const lists = await Promise.all(
      ['/', '/latest', '/feeds/latest.json', '/feeds/latest.rss', '/sitemap-news.xml'].map((asked) =>
        watched.pipeline.see(asked),
      ),
    );
    for (const { body } of lists) expect(body).not.toContain('anary');
    expect((await watched.pipeline.see(`/articles/${articleIdOf(canaryUri)}/canary`)).headers).toMatchObject({
      'x-robots-tag': 'noindex',
    });
  });

  test('is sent only after a long enough time without a publish', async () => {
    const watched = new Watched();
    const bus = new MemoryBus();
    await watched.follow(await watched.send('article.published', published));
    watched.pipeline.clock.time += quiet - 10_000;
    expect(await sendCanary({ publishTraces: watched.publishTraces, bus, clock: watched.pipeline.clock }, quiet)).toBe(
      false,
    );
    watched.pipeline.clock.time += 10_000;
    expect(await sendCanary({ publishTraces: watched.publishTraces, bus, clock: watched.pipeline.clock }, quiet)).toBe(
      true,
    );
    expect(bus.events).toHaveLength(1);
  });
});
