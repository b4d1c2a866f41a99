import { describe, expect, test } from '@jest/globals';
import { watch } from '../../../functions/watch/watch.ts';
import { type FrontTrace, type Rejection, type TraceUpdate } from '../../../shared/trace/publish-trace.ts';
import { noon, story } from '../story.ts';
import { uri, articleId, path, page, Watched, published, at } from './watched.ts';

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
