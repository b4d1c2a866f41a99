import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import { Pipeline } from './pipeline.ts';
import { busEvent, noon, story } from '../unit/story.ts';

const at = (minute: number): string => new Date(noon + minute * 60_000).toISOString();

describe('an embargoed story', () => {
  test('leaves no head, feed, purge or announcement, and is settled at its instant', async () => {
    const pipeline = new Pipeline(noon + 3_600_000);
    const embargo = pipeline.clock.time + 600_000;
    await pipeline.deliver([
      busEvent('article.published', {
        article: story({ embargoedUntil: new Date(embargo).toISOString() }),
        path: '/news/bridge',
      }),
    ]);
    expect(pipeline.articles.heads.size + pipeline.articles.owners.size + pipeline.feeds.rows.size).toBe(0);
    expect([...pipeline.purgeRequests.asked, ...pipeline.announcer.announced]).toEqual([]);
    expect(pipeline.settleSchedule.calls.map(({ instant }) => instant)).toEqual([embargo]);

    await pipeline.wake(articleIdOf('urn:newsroom:harbour-bridge'));
    expect(pipeline.articles.heads.size).toBe(0);
    expect(pipeline.settleSchedule.calls).toHaveLength(2);

    pipeline.clock.time = embargo;
    await pipeline.wake(articleIdOf('urn:newsroom:harbour-bridge'));
    expect([...pipeline.articles.heads.values()]).toMatchObject([
      { visibility: 'live', path: '/news/bridge', change: 'live' },
    ]);
  });

  test('leaves its lists when it expires, and its page stays', async () => {
    const pipeline = new Pipeline(noon + 3_600_000);
    const expires = pipeline.clock.time + 600_000;
    await pipeline.deliver([
      busEvent('article.published', { article: story({ expires: new Date(expires).toISOString() }) }),
    ]);
    expect([...pipeline.articles.heads.values()][0]?.feeds).toContain('latest');
    pipeline.clock.time = expires;
    await pipeline.wake(pipeline.settleSchedule.calls[0]?.articleId ?? '');
    expect([...pipeline.articles.heads.values()]).toMatchObject([{ visibility: 'live', feeds: [], change: 'revised' }]);
  });
});

describe('paths', () => {
  const claiming = (uri: string, event = 'article.published', minute = 0): string =>
    busEvent(event, { article: story({ uri, versionCreated: at(minute) }), path: '/news/bridge' });
  const headOf = (pipeline: Pipeline, uri: string): unknown => pipeline.articles.heads.get(articleIdOf(uri));

  test('a live owner keeps its path; a rival is published at its default path, with pathClash', async () => {
    const pipeline = new Pipeline(noon + 3_600_000);
    await pipeline.deliver([claiming('urn:a'), claiming('urn:b')]);
    expect(headOf(pipeline, 'urn:a')).toMatchObject({ path: '/news/bridge' });
    expect(headOf(pipeline, 'urn:b')).toMatchObject({
      path: `/articles/${articleIdOf('urn:b')}/harbour-bridge-reopens-after-storm-repairs`,
      pathClash: '/news/bridge',
    });
  });

  test('a withdrawn owner yields its path, and must claim it again when it comes back', async () => {
    const pipeline = new Pipeline(noon + 3_600_000);
    await pipeline.deliver([
      claiming('urn:a'),
      claiming('urn:a', 'article.unpublished', 1),
      claiming('urn:b', 'article.published', 2),
    ]);
    expect(headOf(pipeline, 'urn:b')).toMatchObject({ path: '/news/bridge', pathTakenFrom: articleIdOf('urn:a') });
    await pipeline.deliver([claiming('urn:a', 'article.published', 3)]);
    expect(headOf(pipeline, 'urn:a')).toMatchObject({ pathClash: '/news/bridge' });
    expect(headOf(pipeline, 'urn:b')).toMatchObject({ path: '/news/bridge' });
  });

  test('two articles that claim one path at once never both own it', async () => {
    for (let run = 0; run < 20; run += 1) {
      const pipeline = new Pipeline(noon + 3_600_000);
      await pipeline.deliver(
        [
          claiming('urn:a'),
          claiming('urn:b'),
          claiming('urn:a', 'article.unpublished', 1),
          claiming('urn:b', 'article.updated', 2),
          claiming('urn:a', 'article.updated', 3),
        ],
        1 + (run % 5),
      );
      const owning = [...pipeline.articles.heads.values()].filter(({ path }) => path === '/news/bridge');
      expect(owning).toHaveLength(1);
    }
  });
});

describe('an erasure', () => {
  test('strips every stored version, also later ones, and is permanent', async () => {
    const pipeline = new Pipeline(noon + 3_600_000);
    const erased = busEvent('article.erased', {
      article: { uri: 'urn:newsroom:harbour-bridge', versionCreated: at(5) },
      reason: 'court order',
    });
    await pipeline.deliver([
      busEvent('article.published', { article: story() }),
      erased,
      busEvent('article.updated', { article: story({ versionCreated: at(9) }) }),
      busEvent('article.unheld', { article: { uri: 'urn:newsroom:harbour-bridge', versionCreated: at(9) } }),
    ]);
    expect([...pipeline.articles.heads.values()]).toMatchObject([{ visibility: 'gone' }]);
    expect(JSON.stringify([...pipeline.articles.versions.values()].map((rows) => [...rows.values()]))).not.toMatch(
      /lorries|reopens/,
    );
  });
});

describe('holds', () => {
  const uri = 'urn:newsroom:harbour-bridge';
  const page = `/articles/${articleIdOf(uri)}.json`;
  const item = { article: { uri, versionCreated: '2026-05-01T12:00:00Z' } };
  const status = async (pipeline: Pipeline): Promise<number> => (await pipeline.see(page)).status;

  test('on a story that was never public are neither announced nor visible', async () => {
    const pipeline = new Pipeline();
    await pipeline.send('article.held', { ...item, reason: 'court' });
    pipeline.clock.time += 60_000;
    await pipeline.send('article.published', { article: story() });
    expect([await status(pipeline), pipeline.announcer.announced]).toEqual([404, []]);
  });

  test.each(['article.held', 'article.erased'])('an embargo that ends after %s changes nothing', async (event) => {
    const pipeline = new Pipeline();
    await pipeline.send('article.published', {
      article: story({ embargoedUntil: new Date(noon + 600_000).toISOString() }),
    });
    pipeline.clock.time += 1000;
    await pipeline.send(event, item);
    await pipeline.pass(700_000);
    expect([await status(pipeline), pipeline.announcer.announced]).toEqual([404, []]);
  });

  test('take effect over an end of the hold that was received in the same millisecond, whatever their digests', async () => {
    for (let reason = 0; reason < 10; reason += 1) {
      const pipeline = new Pipeline();
      await pipeline.send('article.published', { article: story() });
      await pipeline.send('article.unheld', { ...item, reason: `s${reason}` });
      await pipeline.send('article.held', { ...item, reason: `r${reason}` });
      expect(await status(pipeline)).toBe(410);
    }
  });
});
