import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import { House } from './house.ts';
import { busEvent, noon, story } from '../unit/story.ts';

const at = (minute: number): string => new Date(noon + minute * 60_000).toISOString();

describe('a story under embargo', () => {
  test('leaves no head, no feed, no purge and no announcement, and is called for in time', async () => {
    const house = new House(noon + 3_600_000);
    const embargo = house.clock.time + 600_000;
    await house.deliver([
      busEvent('article.published', {
        article: story({ embargoedUntil: new Date(embargo).toISOString() }),
        path: '/news/bridge',
      }),
    ]);
    expect(house.articles.heads.size + house.articles.owners.size + house.feeds.rows.size).toBe(0);
    expect([...house.purgeRequests.asked, ...house.announcer.announced]).toEqual([]);
    expect(house.settleSchedule.calls.map(({ instant }) => instant)).toEqual([embargo]);

    await house.wake(articleIdOf('urn:newsroom:harbour-bridge'));
    expect(house.articles.heads.size).toBe(0);
    expect(house.settleSchedule.calls).toHaveLength(2);

    house.clock.time = embargo;
    await house.wake(articleIdOf('urn:newsroom:harbour-bridge'));
    expect([...house.articles.heads.values()]).toMatchObject([
      { visibility: 'live', path: '/news/bridge', change: 'live' },
    ]);
  });

  test('leaves its lists when it expires; its page stays', async () => {
    const house = new House(noon + 3_600_000);
    const expires = house.clock.time + 600_000;
    await house.deliver([
      busEvent('article.published', { article: story({ expires: new Date(expires).toISOString() }) }),
    ]);
    expect([...house.articles.heads.values()][0]?.feeds).toContain('latest');
    house.clock.time = expires;
    await house.wake(house.settleSchedule.calls[0]?.articleId ?? '');
    expect([...house.articles.heads.values()]).toMatchObject([{ visibility: 'live', feeds: [], change: 'revised' }]);
  });
});

describe('paths', () => {
  const claiming = (uri: string, event = 'article.published', minute = 0): string =>
    busEvent(event, { article: story({ uri, versionCreated: at(minute) }), path: '/news/bridge' });
  const headOf = (house: House, uri: string): unknown => house.articles.heads.get(articleIdOf(uri));

  test('a live owner keeps its path; the loser is published at its default path and says so', async () => {
    const house = new House(noon + 3_600_000);
    await house.deliver([claiming('urn:a'), claiming('urn:b')]);
    expect(headOf(house, 'urn:a')).toMatchObject({ path: '/news/bridge' });
    expect(headOf(house, 'urn:b')).toMatchObject({
      path: `/articles/${articleIdOf('urn:b')}/harbour-bridge-reopens-after-storm-repairs`,
      pathClash: '/news/bridge',
    });
  });

  test('a withdrawn owner yields, and has to ask again when it comes back', async () => {
    const house = new House(noon + 3_600_000);
    await house.deliver([
      claiming('urn:a'),
      claiming('urn:a', 'article.unpublished', 1),
      claiming('urn:b', 'article.published', 2),
    ]);
    expect(headOf(house, 'urn:b')).toMatchObject({ path: '/news/bridge', pathTakenFrom: articleIdOf('urn:a') });
    await house.deliver([claiming('urn:a', 'article.published', 3)]);
    expect(headOf(house, 'urn:a')).toMatchObject({ pathClash: '/news/bridge' });
    expect(headOf(house, 'urn:b')).toMatchObject({ path: '/news/bridge' });
  });

  test('two that claim one path at once never both have it', async () => {
    for (let run = 0; run < 20; run += 1) {
      const house = new House(noon + 3_600_000);
      await house.deliver(
        [
          claiming('urn:a'),
          claiming('urn:b'),
          claiming('urn:a', 'article.unpublished', 1),
          claiming('urn:b', 'article.updated', 2),
          claiming('urn:a', 'article.updated', 3),
        ],
        1 + (run % 5),
      );
      const owning = [...house.articles.heads.values()].filter(({ path }) => path === '/news/bridge');
      expect(owning).toHaveLength(1);
    }
  });
});

describe('an erasure', () => {
  test('strips every stored version, also those that come later, and never ends', async () => {
    const house = new House(noon + 3_600_000);
    const erased = busEvent('article.erased', {
      article: { uri: 'urn:newsroom:harbour-bridge', versionCreated: at(5) },
      reason: 'court order',
    });
    await house.deliver([
      busEvent('article.published', { article: story() }),
      erased,
      busEvent('article.updated', { article: story({ versionCreated: at(9) }) }),
      busEvent('article.unheld', { article: { uri: 'urn:newsroom:harbour-bridge', versionCreated: at(9) } }),
    ]);
    expect([...house.articles.heads.values()]).toMatchObject([{ visibility: 'gone' }]);
    expect(JSON.stringify([...house.articles.versions.values()].map((rows) => [...rows.values()]))).not.toMatch(
      /lorries|reopens/,
    );
  });
});

describe('holds', () => {
  const uri = 'urn:newsroom:harbour-bridge';
  const page = `/articles/${articleIdOf(uri)}.json`;
  const item = { article: { uri, versionCreated: '2026-05-01T12:00:00Z' } };
  const status = async (house: House): Promise<number> => (await house.see(page)).status;

  test('on a story that was never public tell nobody that it is there', async () => {
    const house = new House();
    await house.send('article.held', { ...item, reason: 'court' });
    house.clock.time += 60_000;
    await house.send('article.published', { article: story() });
    expect([await status(house), house.announcer.announced]).toEqual([404, []]);
  });

  test.each(['article.held', 'article.erased'])(
    '%s: an embargo that comes due meanwhile changes nothing',
    async (event) => {
      const house = new House();
      await house.send('article.published', {
        article: story({ embargoedUntil: new Date(noon + 600_000).toISOString() }),
      });
      house.clock.time += 1000;
      await house.send(event, item);
      await house.pass(700_000);
      expect([await status(house), house.announcer.announced]).toEqual([404, []]);
    },
  );

  test('received in one moment with their end count, whatever their digests', async () => {
    for (let reason = 0; reason < 10; reason += 1) {
      const house = new House();
      await house.send('article.published', { article: story() });
      await house.send('article.unheld', { ...item, reason: `s${reason}` });
      await house.send('article.held', { ...item, reason: `r${reason}` });
      expect(await status(house)).toBe(410);
    }
  });
});

describe('a message sent anew', () => {
  test('does not move a story that lost its path, even once the path is free', async () => {
    const house = new House();
    await house.send('article.published', { article: story({ uri: 'urn:a' }), path: '/news/x' });
    const loser = busEvent('article.published', {
      article: story({ uri: 'urn:b' }),
      path: '/news/x',
      receivedAt: noon,
    });
    await house.deliver([loser]);
    await house.send('article.unpublished', { article: { uri: 'urn:a', versionCreated: '2026-05-01T12:00:01Z' } });
    const told = house.announcer.announced.length;
    await house.deliver([loser]);
    expect(house.announcer.announced).toHaveLength(told);
  });
});
