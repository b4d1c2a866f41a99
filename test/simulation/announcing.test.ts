import { describe, expect, test } from '@jest/globals';
import { project } from '../../functions/project/project.ts';
import { purge } from '../../functions/purge/purge.ts';
import { MemoryCdn } from '../fakes/memory-messages.ts';
import { story } from '../unit/story.ts';
import { Pipeline } from './pipeline.ts';

/** Notes every call of a port before it is made. */
function noted<T extends object>(target: T, label: string, calls: string[]): T {
  return new Proxy(target, {
    get: (_, name) => {
      const held: unknown = Reflect.get(target, name);
      if (typeof held !== 'function') return held;
      return (...given: unknown[]): unknown => {
        calls.push(`${label} ${String(name)}`);
        return Reflect.apply(held, target, given);
      };
    },
  });
}

describe('the order of effects', () => {
  test('project writes feeds, requests purges, announces the article, then its feeds; purge announces once the CDN took the purge', async () => {
    const pipeline = new Pipeline();
    await pipeline.send('article.published', { article: story() });
    const { announced } = pipeline.announcer;
    announced.splice(0);
    pipeline.purgeRequests.asked.splice(0);
    const calls: string[] = [];
    const ports = {
      articles: pipeline.articles,
      feeds: noted(pipeline.feeds, 'feeds', calls),
      changeList: pipeline.changeList,
      purgeRequests: noted(pipeline.purgeRequests, 'purge', calls),
      announcer: noted(pipeline.announcer, 'announcer', calls),
      purgeAgainSeconds: 10,
    };
    const changes = pipeline.changes();
    await project(ports, changes[0]?.after?.articleId ?? '', changes);
    expect([...new Set(calls)]).toEqual(['feeds put', 'purge send', 'announcer announce']);
    expect(announced.map(({ type }) => type)).toEqual(['article.live', 'feed.changed']);

    calls.splice(0);
    const batch = pipeline.purgeRequests.asked.map((request, index) => ({ messageId: String(index), request }));
    await purge({ cdn: noted(new MemoryCdn(pipeline.clock), 'cdn', calls), announcer: ports.announcer }, batch);
    expect(calls).toEqual(['cdn purge', 'announcer announce']);
    const [live, , purged] = announced;
    expect(purged).toMatchObject({
      type: 'cdn.purged',
      detail: {
        correlationId: live?.detail.correlationId,
        articles: [{ seq: live?.detail.seq, correlationId: live?.detail.correlationId }],
      },
    });
  });
});
