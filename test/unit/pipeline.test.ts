import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { project, type HeadChange } from '../../functions/project/project.ts';
import { store, type StorePorts } from '../../functions/store/store.ts';
import { articleIdOf } from '../../shared/article.ts';
import { MemoryArticles, MemoryFronts } from '../../shared/memory/memory-articles.ts';
import { MemoryFeeds } from '../../shared/memory/memory-feeds.ts';
import { MemoryAnnouncer, MemoryClock, MemoryPurgeRequests, MemoryRefusals, MemoryWakeUpCalls } from '../../shared/memory/memory-messages.ts';
import { release } from '../../functions/release/release.ts';
import { busEvent, noon, story } from './story.ts';

/** The house in memory, from the queue to the feeds. */
class House {
  readonly articles = new MemoryArticles();
  readonly fronts = new MemoryFronts();
  readonly feeds = new MemoryFeeds();
  readonly announcer = new MemoryAnnouncer();
  readonly purgeRequests = new MemoryPurgeRequests();
  readonly refusals = new MemoryRefusals();
  readonly wakeUpCalls = new MemoryWakeUpCalls();
  readonly clock = new MemoryClock(noon + 3_600_000);
  readonly ports: StorePorts = this;
  readonly purgeAgainSeconds = 10;

  /** Delivers bodies, `together` at a time, then the stream of heads. */
  async deliver(bodies: readonly string[], together = 1): Promise<void> {
    for (let start = 0; start < bodies.length; start += together) {
      await Promise.all(bodies.slice(start, start + together).map(async (body) => store(this, body, 'delivery')));
      this.clock.time += 1000;
    }
    await this.projectAll(this.articles.stream.map(({ old, new: after }) => ({ before: old, after })));
  }

  async projectAll(changes: readonly HeadChange[]): Promise<void> {
    for (const [articleId, own] of Map.groupBy(changes, ({ before, after }) => (after ?? before)?.articleId ?? '')) await project(this, articleId, own);
  }

  /** What readers can see, without what may differ between two orders of arrival. */
  async seen(): Promise<unknown> {
    const heads = [...this.articles.heads.values()].map(({ seq, settledAt, change, ...rest }) => rest).sort((a, b) => (a.uri < b.uri ? -1 : 1));
    const feeds: Record<string, unknown> = {};
    for (const feed of [...this.feeds.rows.keys()].sort()) {
      const cards = (await this.feeds.page(feed, 100, undefined)).entries.map(({ card }) => card);
      if (cards.length > 0) feeds[feed] = cards;
    }
    const versions = [...this.articles.versions].map(([articleId, rows]) => [articleId, [...rows.keys()].sort()]).sort();
    return { heads: heads.filter(({ standing }) => standing !== 'dark'), feeds, versions };
  }
}

const sketch = fc.record({
  kind: fc.constantFrom('article.published', 'article.updated', 'article.updated', 'article.unpublished', 'article.deleted'),
  uri: fc.constantFrom('urn:a', 'urn:b'),
  minute: fc.integer({ min: 0, max: 5 }),
  delay: fc.integer({ min: 0, max: 3 }),
  headline: fc.constantFrom('One', 'Two'),
  section: fc.constantFrom('news', 'news/world', 'sport'),
  embargo: fc.option(fc.integer({ min: -3, max: 4 }), { nil: undefined }),
  expired: fc.boolean(),
  pubStatus: fc.constantFrom('usable', 'usable', 'usable', 'withheld', 'canceled'),
});

const at = (minute: number): string => new Date(noon + minute * 60_000).toISOString();

const history = fc.array(sketch, { minLength: 1, maxLength: 8 }).map((sketches) =>
  sketches.map(({ kind, uri, minute, delay, headline, section, embargo, expired, pubStatus }) =>
    busEvent(kind, {
      article: story({
        uri,
        versionCreated: at(minute),
        headlines: [{ value: headline }],
        subjects: [{ rel: 'section', literal: section }],
        pubStatus: pubStatus as 'usable',
        ...(embargo !== undefined && { embargoedUntil: at(minute + embargo) }),
        ...(expired && { expires: at(10) }),
      }),
      receivedAt: noon + (minute + delay) * 60_000,
    }),
  ),
);

describe('any order, same end', () => {
  test('however events are shuffled, doubled and interleaved, heads, versions and feeds end alike', async () => {
    await fc.assert(
      fc.asyncProperty(
        history.chain((bodies) =>
          fc.record({
            bodies: fc.constant(bodies),
            shuffled: fc.shuffledSubarray([...bodies, ...bodies], { minLength: bodies.length * 2 }),
            together: fc.integer({ min: 1, max: 4 }),
          }),
        ),
        async ({ bodies, shuffled, together }) => {
          const inOrder = new House();
          await inOrder.deliver(bodies);
          const anyOrder = new House();
          await anyOrder.deliver(shuffled, together);
          expect(await anyOrder.seen()).toEqual(await inOrder.seen());
        },
      ),
      { numRuns: 300 },
    );
  });

  test('the stream told again, whole or backwards, changes no feed', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (bodies) => {
        const house = new House();
        await house.deliver(bodies);
        const before = await house.seen();
        const changes = house.articles.stream.map(({ old, new: after }) => ({ before: old, after }));
        await house.projectAll(changes.toReversed());
        await house.projectAll(changes);
        expect(await house.seen()).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a story under embargo', () => {
  test('leaves no head, no feed, no purge and no announcement, and is called for in time', async () => {
    const house = new House();
    const embargo = house.clock.time + 600_000;
    await house.deliver([busEvent('article.published', { article: story({ embargoedUntil: new Date(embargo).toISOString() }), path: '/news/bridge' })]);
    expect(house.articles.heads.size + house.articles.owners.size + house.feeds.rows.size).toBe(0);
    expect([...house.purgeRequests.asked, ...house.announcer.announced]).toEqual([]);
    expect(house.wakeUpCalls.calls.map(({ instant }) => instant)).toEqual([embargo]);

    const call = JSON.stringify({ articleId: articleIdOf('urn:newsroom:harbour-bridge') });
    await release(house, call);
    expect(house.articles.heads.size).toBe(0);
    expect(house.wakeUpCalls.calls).toHaveLength(2);

    house.clock.time = embargo;
    await release(house, call);
    expect([...house.articles.heads.values()]).toMatchObject([{ standing: 'live', path: '/news/bridge', change: 'live' }]);
  });

  test('leaves its lists when it expires; its page stays', async () => {
    const house = new House();
    const expires = house.clock.time + 600_000;
    await house.deliver([busEvent('article.published', { article: story({ expires: new Date(expires).toISOString() }) })]);
    expect([...house.articles.heads.values()][0]?.feeds).toContain('latest');
    house.clock.time = expires;
    await release(house, JSON.stringify(house.wakeUpCalls.calls[0]));
    expect([...house.articles.heads.values()]).toMatchObject([{ standing: 'live', feeds: [], change: 'revised' }]);
  });
});

describe('paths', () => {
  const claiming = (uri: string, event = 'article.published', minute = 0): string =>
    busEvent(event, { article: story({ uri, versionCreated: at(minute) }), path: '/news/bridge' });
  const headOf = (house: House, uri: string): unknown => house.articles.heads.get(articleIdOf(uri));

  test('a live owner keeps its path; the loser is published at its default path and says so', async () => {
    const house = new House();
    await house.deliver([claiming('urn:a'), claiming('urn:b')]);
    expect(headOf(house, 'urn:a')).toMatchObject({ path: '/news/bridge' });
    expect(headOf(house, 'urn:b')).toMatchObject({ path: `/articles/${articleIdOf('urn:b')}/harbour-bridge-reopens-after-storm-repairs`, pathClash: '/news/bridge' });
  });

  test('a withdrawn owner yields, and has to ask again when it comes back', async () => {
    const house = new House();
    await house.deliver([claiming('urn:a'), claiming('urn:a', 'article.unpublished', 1), claiming('urn:b', 'article.published', 2)]);
    expect(headOf(house, 'urn:b')).toMatchObject({ path: '/news/bridge', pathTakenFrom: articleIdOf('urn:a') });
    await house.deliver([claiming('urn:a', 'article.published', 3)]);
    expect(headOf(house, 'urn:a')).toMatchObject({ pathClash: '/news/bridge' });
    expect(headOf(house, 'urn:b')).toMatchObject({ path: '/news/bridge' });
  });

  test('two that claim one path at once never both have it', async () => {
    for (let run = 0; run < 20; run += 1) {
      const house = new House();
      await house.deliver([claiming('urn:a'), claiming('urn:b'), claiming('urn:a', 'article.unpublished', 1), claiming('urn:b', 'article.updated', 2), claiming('urn:a', 'article.updated', 3)], 1 + (run % 5));
      const owning = [...house.articles.heads.values()].filter(({ path }) => path === '/news/bridge');
      expect(owning).toHaveLength(1);
    }
  });
});

describe('an erasure', () => {
  test('strips every stored version, also those that come later, and never ends', async () => {
    const house = new House();
    const erased = busEvent('article.erased', { article: { uri: 'urn:newsroom:harbour-bridge', versionCreated: at(5) }, reason: 'court order' });
    await house.deliver([busEvent('article.published', { article: story() }), erased, busEvent('article.updated', { article: story({ versionCreated: at(9) }) }), busEvent('article.unheld', { article: { uri: 'urn:newsroom:harbour-bridge', versionCreated: at(9) } })]);
    expect([...house.articles.heads.values()]).toMatchObject([{ standing: 'gone' }]);
    expect(JSON.stringify([...house.articles.versions.values()].map((rows) => [...rows.values()]))).not.toMatch(/lorries|reopens/);
  });
});
