import { describe, expect, test } from '@jest/globals';
import { longestWatchMilliseconds, timeoutMs, watch } from '../../../functions/watch/watch.ts';
import { story } from '../story.ts';
import { articleId, path, page, Watched, published, at } from './watched.ts';

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

test.each([403, 429])('an edge that rejects the watcher with %d is not measured', async (status) => {
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
