import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { reconcile } from '../../functions/reconcile/reconcile.ts';
import { announcementSchemas } from '../../shared/events/announcement-schema.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { consume } from '../../shared/consumer/consume.ts';
import { MemorySeen } from '../../shared/consumer/memory-seen.ts';
import { frontIdOf } from '../../shared/front/front.ts';
import { driftOf, jobModes } from '../../shared/job.ts';
import { spokenDigest, spokenOf } from '../../shared/audio/speech.ts';
import { busEvent, noon, story } from '../unit/story.ts';
import { ReconciledPipeline } from './reconciled-pipeline.ts';

const minute = 60_000;
const bridge = articleIdOf('urn:bridge');
const harbour = articleIdOf('urn:harbour');

const published = (uri: string, more: Parameters<typeof story>[0] = {}, rest: Record<string, unknown> = {}): string =>
  busEvent('article.published', {
    article: story({ uri, headlines: [{ value: `About ${uri}` }], ...more }),
    receivedAt: noon,
    ...rest,
  });

let pipeline: ReconciledPipeline;

beforeEach(async () => {
  pipeline = new ReconciledPipeline();
  await pipeline.deliver([
    published('urn:bridge', {}, { path: '/news/bridge' }),
    ...Array.from({ length: 7 }, (_, n) => published(`urn:story:${n}`)),
    published('urn:harbour', { subjects: [{ rel: 'section', literal: 'news/harbour' }] }),
  ]);
  await pipeline.send('front.published', {
    front: { name: 'home', versionCreated: '2026-05-01T12:00:00Z', containers: [{ title: 'Top', backfill: 'latest' }] },
  });
  pipeline.clock.time += 60 * minute;
  pipeline.purgeRequests.asked.length = 0;
  pipeline.announcer.announced.length = 0;
});

/** Every row of the feeds table that readers see. */
const shown = (): unknown[] =>
  [...pipeline.feeds.rows.values()].flatMap((rows) => [...rows.values()].filter(({ card }) => card !== undefined));
const rowOf = (feed: string, articleId: string) =>
  [...(pipeline.feeds.rows.get(feed)?.values() ?? [])].find(({ place }) => place.endsWith(articleId));
const place = (articleId: string): string => pipeline.articles.heads.get(articleId)?.place ?? '';

describe('without drift', () => {
  test.each(jobModes)('%s finds nothing, announces nothing and changes nothing, in several steps', async (mode) => {
    const [seen, rows] = [await pipeline.seen(), shown()];
    const job = await pipeline.walk(mode);
    expect(job).toMatchObject({ phase: 'done', drift: {}, articles: 10, entries: rows.length });
    expect(job.step).toBeGreaterThan(4);
    expect(await pipeline.seen()).toEqual(seen);
    expect(shown()).toEqual(rows);
    expect(pipeline.announcer.announced).toEqual([]);
    expect(pipeline.purgeRequests.asked).toEqual(
      mode === 'rebuild' ? [{ tags: ['feeds'], articles: [], urgent: false, delaySeconds: 0 }] : [],
    );
  });
});

test('rebuild --announce repeats the announcement of every live article, as at its last change, with replay', async () => {
  await pipeline.deliver([
    busEvent(
      'article.updated',
      { article: story({ uri: 'urn:bridge', versionCreated: '2026-05-01T13:00:00Z' }) },
      { id: 'second', time: '2026-05-01T13:00:00Z' },
    ),
    busEvent(
      'article.unpublished',
      { article: { uri: 'urn:harbour', versionCreated: '2026-05-01T13:00:00Z' } },
      { time: '2026-05-01T13:00:00Z' },
    ),
  ]);
  const { announced } = pipeline.announcer;
  const [revised] = announced.splice(0).filter(({ type }) => type === 'article.revised');
  pipeline.clock.time += 1000;
  const { announcedAs } = await pipeline.walk('rebuild', { announce: true });
  expect(announcedAs).toMatch(/^announce-rebuild-2026-05-01T13/);
  expect(announced).toHaveLength(8);
  const { leftFeeds, ...again } = revised?.detail as { leftFeeds?: unknown };
  expect(announced.find(({ detail }) => 'articleId' in detail && detail.articleId === bridge)).toEqual({
    type: 'article.revised',
    detail: { ...again, replay: announcedAs },
  });
  expect(announced.every(({ type, detail }) => v.is(announcementSchemas[type], detail))).toBe(true);
  // Consumers that have it drop it; those that lost it get it.
  const seen = new MemorySeen();
  const handled: string[] = [];
  for (const { type, detail } of [...(revised ? [revised] : []), ...announced])
    await consume(JSON.stringify({ source: 'pressrun', 'detail-type': type, detail }), {
      seen,
      handle: async ({ detail: { id } }) => Promise.resolve(void handled.push(id)),
    });
  expect(handled).toHaveLength(8);
});

test('rebuild --announce includes articles that a replay brought back and that have lost their head, but none embargoed or held', async () => {
  const quarry = articleIdOf('urn:quarry');
  const replayed = JSON.stringify({ ...(JSON.parse(published('urn:quarry')) as object), 'replay-name': 'restore' });
  await pipeline.deliver([
    replayed,
    published('urn:embargoed', { embargoedUntil: new Date(pipeline.clock.time + 600 * minute).toISOString() }),
    busEvent(
      'article.held',
      { article: { uri: 'urn:harbour', versionCreated: '2026-05-01T13:00:00Z' } },
      { time: '2026-05-01T13:00:00Z' },
    ),
  ]);
  pipeline.clock.time += 60 * minute;
  for (const id of [quarry, bridge, harbour]) pipeline.articles.heads.delete(id);
  pipeline.feeds.rows.clear();
  const { announced } = pipeline.announcer;
  announced.length = 0;
  const { announcedAs } = await pipeline.walk('rebuild', { announce: true });
  const found = announced.flatMap(({ type, detail }) =>
    'uri' in detail && type !== 'article.withdrawn' ? [detail] : [],
  );
  expect(found.find(({ uri }) => uri === 'urn:quarry')).toMatchObject({ replay: announcedAs });
  expect(new Set(found.map(({ uri }) => uri))).toEqual(
    new Set(['urn:quarry', 'urn:bridge', ...Array.from({ length: 7 }, (_, n) => `urn:story:${n}`)]),
  );
});

test.each(jobModes)('audio of an article that is withdrawn or has new words is drift: %s', async (mode) => {
  const { synthesisJobs } = pipeline.articles;
  const saying = (digest: string) => ({
    seq: 1,
    reading: { href: `/audio/${harbour}/1-a.mp3`, bytes: 1, seconds: 1, digest, voice: 'v' },
  });
  for (const id of [harbour, bridge]) synthesisJobs.set(id, saying('of other words'));
  // Of its very words: settling is all that this one needs.
  synthesisJobs.set(
    articleIdOf('urn:story:0'),
    saying(spokenDigest(spokenOf(story({ uri: 'urn:story:0', headlines: [{ value: 'About urn:story:0' }] })))),
  );
  await pipeline.deliver([
    busEvent(
      'article.unpublished',
      { article: { uri: 'urn:harbour', versionCreated: '2026-05-01T13:00:00Z' } },
      { time: '2026-05-01T13:00:00Z' },
    ),
  ]);
  pipeline.clock.time += 6 * minute;
  const job = await pipeline.walk(mode);
  expect(job.drift).toMatchObject({ audio: 2, head: 1 });
  expect(new Set(pipeline.looks.asked)).toEqual(
    new Set(mode === 'verify' ? [] : [harbour, bridge].map((articleId) => ({ articleId, looks: 0, delaySeconds: 0 }))),
  );
});

/** A way to damage the rows, the drift that a job counts, and the purge that it requests. */
const damages: readonly [string, Record<string, number>, readonly string[], () => void][] = [
  [
    'an entry is lost',
    { missing: 1 },
    ['feed:section:news:harbour'],
    () => pipeline.feeds.rows.get('section/news/harbour')?.clear(),
  ],
  [
    'a tombstone replaces an entry',
    { missing: 1 },
    ['feed:section:news:harbour'],
    () =>
      pipeline.feeds.rows
        .get('section/news/harbour')
        ?.set(place(harbour), { feed: 'section/news/harbour', place: place(harbour), seq: 1 }),
  ],
  [
    'a card is stale',
    { stale: 1 },
    ['feed:latest'],
    () => {
      const row = rowOf('latest', bridge);
      if (row?.card)
        pipeline.feeds.rows
          .get('latest')
          ?.set(row.place, { ...row, seq: row.seq - 5, card: { ...row.card, headline: 'Old news' } });
    },
  ],
  [
    'a card is wrong under a seq that its head never had',
    { stale: 1 },
    ['feed:latest'],
    () => {
      const row = rowOf('latest', bridge);
      if (row?.card)
        pipeline.feeds.rows
          .get('latest')
          ?.set(row.place, { ...row, seq: row.seq + 5, card: { ...row.card, headline: 'From the future' } });
    },
  ],
  [
    'an entry has the seq of an older head',
    { stale: 1 },
    ['feed:latest'],
    () => {
      const row = rowOf('latest', bridge);
      if (row) pipeline.feeds.rows.get('latest')?.set(row.place, { ...row, seq: row.seq - 1 });
    },
  ],
  [
    'an entry is in a feed that its article is not in',
    { extra: 1 },
    ['feed:topic:floods'],
    () => {
      const row = rowOf('latest', bridge);
      if (row) pipeline.feeds.rows.set('topic/floods', new Map([[row.place, { ...row, feed: 'topic/floods' }]]));
    },
  ],
  [
    'an entry has no article',
    { extra: 1 },
    ['feed:latest'],
    () => {
      const ghost = articleIdOf('urn:ghost');
      const row = rowOf('latest', bridge);
      const where = `2026-05-01T11:00:00.000Z#${ghost}`;
      if (row) pipeline.feeds.rows.get('latest')?.set(where, { ...row, place: where });
    },
  ],
  ['a path has no owner', { path: 1 }, [], () => pipeline.articles.owners.delete('/news/bridge')],
  ['a front’s head is lost', { head: 1 }, ['front:home'], () => pipeline.fronts.heads.delete(frontIdOf('home'))],
];

describe.each(damages)('after this damage: %s', (_, drift, tags, damage) => {
  test('verify reports the drift and changes nothing; repair repairs, purges and counts it, and announces heads only', async () => {
    const sound = await pipeline.seen();
    const rows = shown();
    const owners = [...pipeline.articles.owners];
    damage();
    const damaged = structuredClone([shown(), [...pipeline.articles.owners]]);

    const found = await pipeline.walk('verify');
    expect(found).toMatchObject({ drift, written: 0 });
    expect(found.examples.map(({ mended }) => mended)).toEqual([false]);
    expect([shown(), [...pipeline.articles.owners]]).toEqual(damaged);
    expect([pipeline.purgeRequests.asked, pipeline.driftMeter.counted]).toEqual([[], []]);

    expect((await pipeline.walk('repair')).drift).toEqual(drift);
    expect(await pipeline.seen()).toEqual(sound);
    expect(new Set(shown())).toEqual(new Set(rows));
    expect([...pipeline.articles.owners]).toEqual(owners);
    expect([...new Set(pipeline.purgeRequests.asked.flatMap((asked) => asked.tags))]).toEqual(tags);
    expect(pipeline.driftMeter.counted).toHaveLength(1);
    expect(pipeline.announcer.announced.map(({ type }) => type)).toEqual(
      tags.includes('front:home') ? ['front.changed'] : [],
    );
    expect(driftOf(await pipeline.walk('repair'))).toBe(0);
  });
});

describe('a repaired head', () => {
  test('goes through the stream as always: it is projected and announced', async () => {
    const sound = await pipeline.seen();
    pipeline.articles.heads.delete(bridge);
    expect((await pipeline.walk('verify')).drift).toMatchObject({ head: 1 });
    expect(pipeline.articles.heads.has(bridge)).toBe(false);
    expect((await pipeline.walk('repair')).drift).toEqual({ head: 1 });
    expect(await pipeline.seen()).toEqual(sound);
    expect(pipeline.announcer.announced).toMatchObject([{ type: 'article.live' }, { type: 'feed.changed' }]);
  });

  test('of an erased article strips texts that were left', async () => {
    await pipeline.send('article.erased', { article: { uri: 'urn:bridge', versionCreated: '2026-05-01T12:30:00Z' } });
    pipeline.clock.time += 60 * minute;
    await pipeline.articles.putVersion({
      ...(await firstVersion()),
      versionCreated: noon - minute,
      digest: 'left-standing',
      content: { event: 'article.updated', article: story({ uri: 'urn:bridge' }) },
    });
    expect((await pipeline.walk('repair')).drift).toEqual({ erasure: 1 });
    expect(JSON.stringify([...(pipeline.articles.versions.get(bridge)?.values() ?? [])])).not.toContain('lorries');
  });

  async function firstVersion() {
    for await (const version of (await pipeline.articles.open(bridge)).oldestFirst) return version;
    throw new Error('no version');
  }
});

describe('rebuild', () => {
  test('writes every feed from nothing, also entries of recent changes', async () => {
    await pipeline.send('article.published', {
      article: story({ uri: 'urn:new', versionCreated: new Date(pipeline.clock.time).toISOString() }),
    });
    const sound = await pipeline.seen();
    const rows = shown();
    pipeline.feeds.rows.clear();
    const job = await pipeline.walk('rebuild');
    expect(await pipeline.seen()).toEqual(sound);
    expect(new Set(shown())).toEqual(new Set(rows));
    expect(job.written).toBe(rows.length);
  });

  test('leaves every entry in place for readers after each of its writes', async () => {
    const before = await pipeline.seen();
    const replace = pipeline.feeds.replace.bind(pipeline.feeds);
    let looks = 0;
    pipeline.feeds.replace = async (...given) => {
      const done = await replace(...given);
      expect(await pipeline.seen()).toEqual(before);
      looks += 1;
      return done;
    };
    await pipeline.walk('rebuild');
    expect(looks).toBe(shown().length);
  });
});

describe('changes of the last five minutes', () => {
  test('are not examined until the five minutes are over', async () => {
    await pipeline.send('article.updated', {
      article: story({ uri: 'urn:bridge', versionCreated: '2026-05-01T12:30:00Z', headlines: [{ value: 'Just now' }] }),
    });
    pipeline.feeds.rows.get('latest')?.delete(place(bridge));
    const extra = rowOf('genre/explainer', bridge);
    if (extra) pipeline.feeds.rows.set('topic/floods', new Map([[extra.place, { ...extra, feed: 'topic/floods' }]]));
    pipeline.clock.time += 4 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({});
    pipeline.clock.time += 2 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({ missing: 1, extra: 1 });
  });

  test('include the end of an embargo, which its scheduled settle handles', async () => {
    await pipeline.deliver([
      published('urn:secret', { embargoedUntil: new Date(pipeline.clock.time + 10 * minute).toISOString() }),
    ]);
    pipeline.clock.time += 11 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({});
    pipeline.clock.time += 5 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({ head: 1 });
    expect(pipeline.articles.heads.get(articleIdOf('urn:secret'))?.visibility).toBe('live');
  });

  test('win over a job that reads the article at the same time', async () => {
    pipeline.feeds.rows.get('latest')?.delete(place(bridge));
    const row = pipeline.feeds.row.bind(pipeline.feeds);
    pipeline.feeds.row = async (placement) => {
      const found = await row(placement);
      // Between the job's read and its write.
      if (placement.place === place(bridge) && placement.feed === 'latest' && !found) {
        pipeline.feeds.row = row;
        await pipeline.send('article.unpublished', {
          article: { uri: 'urn:bridge', versionCreated: '2026-05-01T12:40:00Z' },
        });
      }
      return found;
    };
    expect((await pipeline.walk('repair')).drift).toEqual({});
    expect(shown().some((entry) => JSON.stringify(entry).includes('urn:bridge'))).toBe(false);
  });

  test('win over a job that has read the head but not yet the entries', async () => {
    const row = pipeline.feeds.row.bind(pipeline.feeds);
    pipeline.feeds.row = async (placement) => {
      if (placement.place === place(bridge)) {
        pipeline.feeds.row = row;
        await pipeline.send('article.updated', {
          article: story({
            uri: 'urn:bridge',
            versionCreated: '2026-05-01T12:40:00Z',
            headlines: [{ value: 'Newer' }],
          }),
        });
      }
      return row(placement);
    };
    expect((await pipeline.walk('repair')).drift).toEqual({});
    expect(rowOf('latest', bridge)?.card?.headline).toBe('Newer');
  });

  test('may leave an entry that project is about to remove', async () => {
    const row = rowOf('latest', harbour);
    await pipeline.send('article.unpublished', {
      article: { uri: 'urn:harbour', versionCreated: '2026-05-01T12:40:00Z' },
    });
    if (row) pipeline.feeds.rows.get('latest')?.set(row.place, row);
    expect((await pipeline.walk('repair')).drift).toEqual({});
    pipeline.clock.time += 6 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({ extra: 1 });
  });

  test('include an entry that was just written, whatever its article says', async () => {
    const ghost = {
      feed: 'latest',
      place: `2026-05-01T11:00:00.000Z#${articleIdOf('urn:ghost')}`,
      seq: pipeline.clock.time - minute,
    };
    const card = rowOf('latest', bridge)?.card;
    pipeline.feeds.rows.get('latest')?.set(ghost.place, { ...ghost, card });
    expect((await pipeline.walk('repair')).drift).toEqual({});
    pipeline.clock.time += 5 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({ extra: 1 });
  });

  test('include a row that project writes between the job’s read and its write', async () => {
    pipeline.feeds.rows.get('latest')?.delete(place(bridge));
    const replace = pipeline.feeds.replace.bind(pipeline.feeds);
    pipeline.feeds.replace = async (...given) => {
      pipeline.feeds.replace = replace;
      await pipeline.send('article.updated', {
        article: story({ uri: 'urn:bridge', versionCreated: '2026-05-01T12:40:00Z', headlines: [{ value: 'Newer' }] }),
      });
      return replace(...given);
    };
    expect((await pipeline.walk('repair')).drift).toEqual({});
    expect(rowOf('latest', bridge)?.card?.headline).toBe('Newer');
  });
});

describe('the schedule index', () => {
  const secret = articleIdOf('urn:secret');
  const live = (): boolean => pipeline.articles.heads.get(secret)?.visibility === 'live';
  let embargo: number;

  beforeEach(async () => {
    embargo = pipeline.clock.time + 10 * minute;
    await pipeline.deliver([published('urn:secret', { embargoedUntil: new Date(embargo).toISOString() })]);
  });

  test('settles an article whose scheduled settle is a minute overdue, and counts it as drift', async () => {
    pipeline.settleSchedule.calls.length = 0;
    pipeline.clock.time = embargo + minute - 1;
    await pipeline.message({ start: 'due' });
    expect(live()).toBe(false);
    pipeline.clock.time += 1;
    await pipeline.message({ start: 'due' });
    expect(live()).toBe(true);
    expect(rowOf('latest', secret)).toBeDefined();
    expect(pipeline.driftMeter.counted).toEqual([{ kind: 'wakeUp', articleId: secret, mended: true }]);
    expect(pipeline.scheduleIndex.kept.size).toBe(0);
  });

  test('loses the row of a scheduled settle that came in time, and counts nothing', async () => {
    await pipeline.pass(10 * minute);
    expect(live()).toBe(true);
    pipeline.clock.time += minute;
    await pipeline.message({ start: 'due' });
    expect(pipeline.scheduleIndex.kept.size).toBe(0);
    expect(pipeline.driftMeter.counted).toEqual([]);
  });

  test('counts nothing for a version that was received since and is about to be settled', async () => {
    pipeline.clock.time = embargo + 2 * minute;
    const [version] = pipeline.articles.versions.get(secret)?.values() ?? [];
    if (version)
      await pipeline.articles.putVersion({
        ...version,
        digest: 'later',
        versionCreated: embargo,
        receivedAt: embargo + minute,
      });
    await pipeline.message({ start: 'due' });
    expect(live()).toBe(true);
    expect(pipeline.driftMeter.counted).toEqual([]);
  });

  test('keeps the row of an article that could not be settled, and settles the others', async () => {
    await pipeline.deliver([published('urn:other', { embargoedUntil: new Date(embargo).toISOString() })]);
    pipeline.clock.time = embargo + 2 * minute;
    const open = pipeline.articles.open.bind(pipeline.articles);
    pipeline.articles.open = async (id) => (id === secret ? Promise.reject(new Error('throttled')) : open(id));
    await pipeline.message({ start: 'due' });
    expect([...pipeline.scheduleIndex.kept.values()]).toEqual([{ articleId: secret, instant: embargo }]);
    expect(pipeline.reported).toEqual([secret]);
    pipeline.articles.open = open;
    await pipeline.message({ start: 'due' });
    expect(live()).toBe(true);
    expect(pipeline.scheduleIndex.kept.size).toBe(0);
  });

  test('is repaired by a job, together with the scheduled settle', async () => {
    pipeline.scheduleIndex.kept.clear();
    pipeline.settleSchedule.calls.length = 0;
    pipeline.clock.time += 6 * minute;
    expect((await pipeline.walk('verify')).drift).toEqual({ wakeUp: 1 });
    expect(pipeline.settleSchedule.calls).toEqual([]);
    expect((await pipeline.walk('repair')).drift).toEqual({ wakeUp: 1 });
    expect([...pipeline.scheduleIndex.kept.values()]).toEqual([{ articleId: secret, instant: embargo }]);
    expect(pipeline.settleSchedule.calls).toEqual([{ articleId: secret, instant: embargo }]);
  });
});

describe('a job', () => {
  test('that crashes at any read or write continues where it was, and ends with everything repaired and purged', async () => {
    for (let crashAt = 1, calls = Infinity; calls >= crashAt - 1; crashAt += 1) {
      const own = new ReconciledPipeline();
      await own.deliver(Array.from({ length: 5 }, (_, n) => published(`urn:story:${n}`)));
      own.clock.time += 60 * minute;
      const sound = await own.seen();
      const [lost = ''] = own.feeds.rows.get('latest')?.keys() ?? [];
      own.feeds.rows.get('latest')?.delete(lost);
      own.purgeRequests.asked.length = 0;
      calls = 0;
      const dying = crashing(own, () => (calls += 1) === crashAt);
      await reconcile(dying, '{"start":"repair"}', { messageId: 'p', again: false }, Infinity).catch(() => undefined);
      await own.message({ start: 'repair' }, { messageId: 'p', again: true });
      while (own.jobs.toContinue.length > 0) await own.message({ passId: own.jobs.toContinue.shift() });
      expect(own.jobs.jobs.get('p')?.phase).toBe('done');
      expect(await own.seen()).toEqual(sound);
      const purged = own.purgeRequests.asked.flatMap(({ tags }) => tags);
      expect(purged.includes('feeds') || purged.includes('feed:latest')).toBe(true);
    }
  });

  test('whose messages are delivered twice runs once', async () => {
    pipeline.feeds.rows.get('latest')?.clear();
    await Promise.all([1, 2].map(async () => pipeline.message({ start: 'repair' }, { messageId: 'p' })));
    let most = 0;
    for (let jobId = pipeline.jobs.toContinue.shift(); jobId !== undefined; jobId = pipeline.jobs.toContinue.shift()) {
      most = Math.max(most, pipeline.jobs.toContinue.length);
      await Promise.all([pipeline.message({ passId: jobId }), pipeline.message({ passId: jobId })]);
    }
    expect(most).toBe(0);
    expect(pipeline.jobs.jobs.get('p')).toMatchObject({ phase: 'done', articles: 10 });
    expect(pipeline.feeds.rows.get('latest')?.size).toBe(9);
  });

  test('counts and names an article that cannot be read, and goes on', async () => {
    pipeline.feeds.rows.get('section/news/harbour')?.clear();
    const open = pipeline.articles.open.bind(pipeline.articles);
    pipeline.articles.open = async (id) => (id === bridge ? Promise.reject(new Error('malformed')) : open(id));
    expect((await pipeline.walk('repair')).drift).toEqual({ failed: 1, missing: 1 });
    expect(pipeline.reported).toEqual([bridge]);
  });

  test('works on at most eight articles at once', async () => {
    const underWay = { now: 0, most: 0 };
    pipeline.archive.page = async () =>
      Promise.resolve({
        ids: Array.from({ length: 50 }, (_, index) => articleIdOf(`urn:newsroom:${index}`)),
        next: undefined,
      });
    pipeline.articles.head = async () => {
      underWay.most = Math.max(underWay.most, (underWay.now += 1));
      await new Promise(setImmediate);
      underWay.now -= 1;
      return undefined;
    };
    await pipeline.walk('verify');
    expect(underWay).toEqual({ now: 0, most: 8 });
  });

  test('that does not exist, or has an unknown mode, is rejected', async () => {
    await expect(pipeline.message({ passId: 'nobody' })).rejects.toThrow('no pass nobody');
    await expect(pipeline.message({ start: 'everything' })).rejects.toThrow(/due, verify, repair, rebuild/);
  });

  test('that is done is not changed by a late message', async () => {
    const { passId: jobId } = await pipeline.walk('verify');
    const record = structuredClone(pipeline.jobs.jobs.get(jobId));
    await pipeline.message({ passId: jobId });
    expect(pipeline.jobs.jobs.get(jobId)).toEqual(record);
  });
});

/** The ports of a pipeline that dies at the call that `dies` names, and stays dead. */
function crashing(ports: ReconciledPipeline, dies: () => boolean): ReconciledPipeline {
  let dead = false;
  const mortal = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]): unknown => {
          dead ||= dies();
          if (dead) throw new Error('dead');
          return Reflect.apply(member, target, given) as unknown;
        };
      },
    });
  return new Proxy(ports, {
    get: (target, name) => {
      const port: unknown = Reflect.get(target, name);
      return ['articles', 'feedRows', 'purgeRequests', 'jobs', 'archive'].includes(String(name)) &&
        typeof port === 'object' &&
        port !== null
        ? mortal(port)
        : port;
    },
  });
}

/** What was seen, without the version of heads that are not live: which of several withdrawals it is depends on the order of arrival. */
function withoutWithdrawal({ heads, ...seen }: Awaited<ReturnType<ReconciledPipeline['seen']>>): object {
  return {
    ...seen,
    heads: heads.map(({ version, versionCreated, ...head }) =>
      head.visibility === 'live' ? { ...head, version, versionCreated } : head,
    ),
  };
}

describe('random damage', () => {
  const damage = fc.array(
    fc.record({
      kind: fc.constantFrom('row', 'seq', 'card', 'extra', 'head', 'path', 'feed'),
      at: fc.nat(1000),
      by: fc.integer({ min: -5000, max: 5000 }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const event = fc.record({
    kind: fc.constantFrom('article.published', 'article.updated', 'article.updated', 'article.unpublished'),
    uri: fc.constantFrom('urn:a', 'urn:b', 'urn:c', 'urn:d'),
    at: fc.integer({ min: 0, max: 8 }),
    section: fc.constantFrom('news', 'news/world', 'sport'),
    expires: fc.option(fc.integer({ min: 5, max: 40 }), { nil: undefined }),
  });

  test('is repaired by one job and its announcements, and the next job finds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 2, maxLength: 9 }), damage, async (events, damages) => {
        const random = new ReconciledPipeline();
        await random.deliver(
          events.map(({ kind, uri, at, section, expires }) =>
            busEvent(kind, {
              receivedAt: noon,
              path: `/${uri.slice(4)}`,
              article: story({
                uri,
                versionCreated: new Date(noon - (10 - at) * minute).toISOString(),
                subjects: [{ rel: 'section', literal: section }],
                ...(expires !== undefined && { expires: new Date(noon + expires * minute).toISOString() }),
              }),
            }),
          ),
        );
        await random.pass(60 * minute);
        random.clock.time += 6 * minute;
        expect(driftOf(await random.walk('verify'))).toBe(0);
        const sound = await random.seen();
        const owners = [...random.articles.owners];

        for (const { kind, at, by } of damages) {
          const rows = [...random.feeds.rows.values()].flatMap((table) => [...table.values()]);
          const row = rows[at % Math.max(1, rows.length)];
          const heads = [...random.articles.heads.keys()];
          const paths = [...random.articles.owners.keys()].filter((path) =>
            [...random.articles.heads.values()].some((head) => head.path === path),
          );
          const set = (change: object): void => {
            if (row) random.feeds.rows.get(row.feed)?.set(row.place, { ...row, ...change });
          };
          if (kind === 'row' && row) random.feeds.rows.get(row.feed)?.delete(row.place);
          if (kind === 'seq') set({ seq: Math.max(1, (row?.seq ?? 0) + by) });
          if (kind === 'card' && row?.card) set({ card: { ...row.card, headline: `${by}` } });
          if (kind === 'extra' && row)
            random.feeds.rows.set(`topic/${by}`, new Map([[row.place, { ...row, feed: `topic/${by}` }]]));
          if (kind === 'feed' && row) random.feeds.rows.delete(row.feed);
          if (kind === 'head') random.articles.heads.delete(heads[at % Math.max(1, heads.length)] ?? '');
          if (kind === 'path') random.articles.owners.delete(paths[at % Math.max(1, paths.length)] ?? '');
        }
        await random.walk('repair');
        if (damages.some(({ kind }) => kind === 'head')) {
          // A head that was made again has just changed: whatever else befell its article is left alone until the next pass.
          random.clock.time += 10 * minute;
          await random.walk('repair');
        }
        expect(withoutWithdrawal(await random.seen())).toEqual(withoutWithdrawal(sound));
        expect(random.articles.owners).toEqual(new Map(owners));
        random.clock.time += 10 * minute;
        expect(driftOf(await random.walk('verify'))).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});

test('a pulled picture that is missing from the list is found and put on it again', async () => {
  await pipeline.send('article.held', {
    article: { uri: 'urn:picture', type: 'picture', versionCreated: '2026-05-01T12:00:00Z' },
  });
  const { ids } = pipeline.pictures.list;
  expect(ids.size).toBe(1);
  pipeline.clock.time += 60 * minute;
  pipeline.pictures.list = { seq: pipeline.pictures.list.seq, ids: new Set() };
  expect(await pipeline.walk('verify')).toMatchObject({ drift: { head: 1 } });
  expect(pipeline.pictures.list.ids.size).toBe(0);
  expect(await pipeline.walk('repair')).toMatchObject({ drift: { head: 1 } });
  expect(pipeline.pictures.list.ids).toEqual(ids);
});
