import { beforeEach, describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { minute, pipeline, published, rowOf } from './newsroom.ts';

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
