import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { release } from '../../functions/release/release.ts';
import { store } from '../../functions/store/store.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { MemorySettleSchedule } from '../fakes/memory-messages.ts';
import { settleArticle } from '../../shared/article/settle-article.ts';
import { busEvent, noon, story } from '../unit/story.ts';
import { Pipeline } from './pipeline.ts';

const uri = 'urn:newsroom:harbour-bridge';
const articleId = articleIdOf(uri);
const minutes = fc.option(fc.integer({ min: -3, max: 15 }), { nil: undefined });

const event = fc.record({
  at: fc.integer({ min: 0, max: 12 }),
  kind: fc.constantFrom(
    'article.published',
    'article.updated',
    'article.unpublished',
    'article.held',
    'article.unheld',
  ),
  back: fc.integer({ min: -3, max: 10 }),
  late: fc.integer({ min: 0, max: 5 }),
  embargo: minutes,
  expires: minutes,
  headline: fc.constantFrom('One', 'Two'),
});

test('a settled article needs no settling until its next scheduled settle', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 7 }), async (events) => {
      const pipeline = new Pipeline();
      const iso = (minute: number): string => new Date(pipeline.clock.time + minute * 60_000).toISOString();
      for (let minute = 0; minute < 32; minute += 1) {
        pipeline.clock.time = noon + minute * 60_000;
        const [due, pending] = [
          pipeline.settleSchedule.calls.filter(({ instant }) => instant <= pipeline.clock.time),
          pipeline.settleSchedule.calls.filter(({ instant }) => instant > pipeline.clock.time),
        ];
        pipeline.settleSchedule.calls.splice(0, Infinity, ...pending);
        for (const call of due) await release(pipeline, JSON.stringify(call));
        for (const { kind, back, late, embargo, expires, headline } of events.filter(({ at }) => at === minute)) {
          const article = story({
            uri,
            headlines: [{ value: headline }],
            versionCreated: iso(-back - late),
            ...(embargo !== undefined && { embargoedUntil: iso(embargo) }),
            ...(expires !== undefined && { expires: iso(expires) }),
          });
          await store(
            pipeline,
            busEvent(kind, { article, receivedAt: pipeline.clock.time - late * 60_000 }),
            'delivery',
          );
        }
        const before = structuredClone(pipeline.articles.heads.get(articleId));
        await settleArticle(
          { articles: pipeline.articles, clock: pipeline.clock, settleSchedule: new MemorySettleSchedule() },
          articleId,
        );
        expect(JSON.stringify(pipeline.articles.heads.get(articleId))).toBe(JSON.stringify(before));
      }
      expect(pipeline.rejections.kept).toEqual([]);
    }),
    { numRuns: 400 },
  );
});
