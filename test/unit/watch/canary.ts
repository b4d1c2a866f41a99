import { describe, expect, test } from '@jest/globals';
import { sendCanary } from '../../../functions/watch/canary.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { MemoryBus } from '../../fakes/memory-webhooks.ts';
import { canaryUri } from '../../../shared/trace/publish-trace.ts';
import { story } from '../story.ts';
import { articleId, path, Watched, published, at } from './watched.ts';

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
