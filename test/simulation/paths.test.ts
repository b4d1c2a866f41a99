import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { store } from '../../functions/store/store.ts';
import type { MemoryArticles } from '../fakes/memory-articles.ts';
import { busEvent, noon, story } from '../unit/story.ts';
import { Pipeline } from './pipeline.ts';

const event = fc.record({
  uri: fc.constantFrom('urn:a', 'urn:b', 'urn:c'),
  minute: fc.integer({ min: 0, max: 5 }),
  kind: fc.constantFrom('article.published', 'article.updated', 'article.unpublished'),
  path: fc.constantFrom('/news/x', '/news/y', undefined),
});

const maxCrashes = 6;

/** The table, with its calls in any order that the scheduler chooses. Some calls crash after their effect. */
function faulty(articles: MemoryArticles, scheduler: fc.Scheduler, crashes: Iterator<boolean>): MemoryArticles {
  let left = maxCrashes;
  return new Proxy(articles, {
    get: (target, name) => {
      const held: unknown = Reflect.get(target, name);
      if (typeof held !== 'function') return held;
      return async (...given: unknown[]) => {
        await scheduler.schedule(Promise.resolve(), String(name));
        const answer: unknown = await Reflect.apply(held, target, given);
        if (left > 0 && crashes.next().value === true) {
          left -= 1;
          throw new Error('crashed after the effect');
        }
        return answer;
      };
    },
  });
}

test('crashes and races leave every live article at its own path, and no claimed path without an owner', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 2, maxLength: 8 }),
      fc.infiniteStream(fc.nat({ max: 9 }).map((roll) => roll === 0)),
      fc.scheduler(),
      async (events, crashes, scheduler) => {
        const pipeline = new Pipeline(noon + 3_600_000);
        const ports = Object.assign({}, pipeline, { articles: faulty(pipeline.articles, scheduler, crashes) });
        const send = async (body: string): Promise<unknown> =>
          store(ports, body, 'delivery').catch(async () => send(body));
        const bodies = events.map(({ uri, minute, kind, path }) =>
          busEvent(kind, {
            article: story({ uri, versionCreated: new Date(noon + minute * 60_000).toISOString() }),
            receivedAt: noon + minute * 60_000,
            ...(path !== undefined && { path }),
          }),
        );
        await scheduler.waitFor(Promise.all(bodies.map(send)));
        for (const head of pipeline.articles.heads.values()) {
          if (head.visibility !== 'live') continue;
          const { status, headers } = await pipeline.see(head.path ?? '');
          expect([head.path, status, headers['x-amz-meta-cache-tag']?.split(',')[0]]).toEqual([
            head.path,
            200,
            `article:${head.articleId}`,
          ]);
          if (head.pathClash === undefined) continue;
          const owner = pipeline.articles.owners.get(head.pathClash)?.articleId ?? '';
          expect(pipeline.articles.heads.get(owner)).toMatchObject({ visibility: 'live', path: head.pathClash });
        }
      },
    ),
    { numRuns: 400 },
  );
});
