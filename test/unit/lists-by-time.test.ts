import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deliver } from '../../functions/deliver/deliver.ts';
import type { Response } from '../../functions/deliver/http.ts';
import { project, projectFront } from '../../functions/project/project.ts';
import { store } from '../../functions/store/store.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import type { Lists } from '../../shared/feed/lists.ts';
import { MemoryPorts } from '../fakes/memory-ports.ts';
import { tagHeader } from '../../shared/purge/tags.ts';
import { theme } from './newspaper.ts';
import { busEvent, noon, story } from './story.ts';

const uri = 'urn:newsroom:ferry';
const page = `/articles/${articleIdOf(uri)}.json`;
const list = '/feeds/latest.json';
const second = 1000;
const hour = 3600 * second;

/** A pipeline whose lists expire by time, and a CDN that keeps answers as long as it may. */
class ByTime extends MemoryPorts {
  readonly lists: Lists = 'ttl';
  override readonly purgeAgainSeconds = 11;
  readonly theme = theme;
  readonly siteUrl = 'https://www.example.com';
  readonly #kept = new Map<string, { readonly response: Response; readonly until: number }>();
  /** The tags of every purge. */
  readonly purged: string[] = [];
  #projected = 0;

  constructor() {
    super(noon);
  }

  async send(type: string, headline: string): Promise<void> {
    const versionCreated = new Date(this.clock.time).toISOString();
    const detail = { article: story({ uri, versionCreated, headlines: [{ value: headline }] }), path: '/news/ferry' };
    await store(this, busEvent(type, { ...detail, receivedAt: this.clock.time }), 'delivery');
    for (const { old, new: after } of this.articles.stream.slice(this.#projected))
      await project(this, articleIdOf(uri), [{ before: old, after }]);
    this.#projected = this.articles.stream.length;
    for (const { tags } of this.purgeRequests.asked.splice(0)) this.#purge(tags);
  }

  #purge(tags: readonly string[]): void {
    this.purged.push(...tags);
    for (const [url, { response }] of this.#kept)
      if ((response.headers[tagHeader] ?? '').split(',').some((tag) => tags.includes(tag))) this.#kept.delete(url);
  }

  async read(url: string): Promise<Response> {
    const kept = this.#kept.get(url);
    if (kept && this.clock.time < kept.until) return kept.response;
    const response = await deliver(this, {
      method: 'GET',
      path: url,
      query: new URLSearchParams(),
      host: 'www.example.com',
    });
    const [, fresh = '0'] = /s-maxage=(\d+)/.exec(response.headers['cache-control'] ?? '') ?? [];
    const [, stale = '0'] = /stale-while-revalidate=(\d+)/.exec(response.headers['cache-control'] ?? '') ?? [];
    this.#kept.set(url, { response, until: this.clock.time + second * (Number(fresh) + Number(stale)) });
    return response;
  }
}

describe('lists that expire by themselves', () => {
  test('show no reader an old state for more than four seconds, whatever the time between changes', async () => {
    const gap = fc.oneof(
      fc.integer({ min: 1, max: 10 * second }),
      fc.integer({ min: 6 * hour - 90 * second, max: 6 * hour + 90 * second }),
      fc.integer({ min: 1, max: 30 * hour }),
    );
    const step = fc.record({
      gap,
      change: fc.constantFrom('article.updated', 'article.updated', 'article.unpublished', 'none'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const pipeline = new ByTime();
        let changes = 0;
        await pipeline.send('article.published', `State ${changes}`);
        for (const { gap: milliseconds, change } of steps) {
          await Promise.all([pipeline.read(page), pipeline.read(list)]);
          pipeline.clock.time += milliseconds;
          await Promise.all([pipeline.read(page), pipeline.read(list)]);
          if (change === 'none') continue;
          changes += 1;
          await pipeline.send(change, `State ${changes}`);
          if (change === 'article.updated') pipeline.clock.time += 4 * second;
          for (const url of [page, list]) {
            const { body } = await pipeline.read(url);
            expect(body.includes(`"State ${changes}"`)).toBe(change === 'article.updated');
            expect(body).not.toContain(`"State ${changes - 1}"`);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('need no purge for a story that changes again within hours; a withdrawal is purged as always', async () => {
    const pipeline = new ByTime();
    const asked = async (type: string): Promise<readonly string[]> => {
      pipeline.purged.length = 0;
      await pipeline.send(type, type);
      return pipeline.purged;
    };
    expect(await asked('article.published')).toEqual([]);
    pipeline.clock.time += hour;
    expect(await asked('article.updated')).toEqual([]);
    pipeline.clock.time += 7 * hour;
    expect(await asked('article.updated')).toEqual([`article:${articleIdOf(uri)}`]);
    expect(await asked('article.unpublished')).toEqual(
      expect.arrayContaining([`article:${articleIdOf(uri)}`, 'feed:latest', `pin:${articleIdOf(uri)}`]),
    );
  });

  test('need no purge for a front; a withdrawn front is purged', async () => {
    const pipeline = new ByTime();
    const head = { articleId: 'front#home', name: 'home', seq: 1, change: 'live' as const, settledAt: noon };
    await projectFront(pipeline, [{ after: { ...head, visibility: 'live' } }]);
    expect(pipeline.purgeRequests.asked).toEqual([]);
    await projectFront(pipeline, [{ after: { ...head, visibility: 'gone' } }]);
    expect(pipeline.purgeRequests.asked[0]?.tags).toEqual(['front:home']);
  });
});
