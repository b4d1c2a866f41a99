import { describe, expect, test } from '@jest/globals';
import { reconcile } from '../../../functions/reconcile/reconcile.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { ReconciledPipeline } from '../reconciled-pipeline.ts';
import { bridge, minute, pipeline, published } from './newsroom.ts';

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
    await expect(pipeline.message({ passId: 'nobody' })).rejects.toThrow('there is no job nobody');
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
