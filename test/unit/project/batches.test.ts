import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { HeadChange } from '../../../shared/article/head.ts';
import { project, type ProjectPorts } from '../../../functions/project/project.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { noon } from '../story.ts';
import { id, live, gone, Newsroom, sorted, feedsOfStory, articleOnes } from './newsroom.ts';

describe('order of effects', () => {
  const failing = async (): Promise<never> => Promise.reject(new Error('throttled'));

  test('nothing is purged or announced if a feed cannot be written, and the error is thrown', async () => {
    const newsroom = new Newsroom();
    const record = await newsroom.write(live());
    const ports = newsroom.with({ feeds: { put: failing, page: failing } });
    await expect(project(ports, id, [record])).rejects.toThrow('throttled');
    expect([newsroom.purgeRequests.asked, newsroom.announcer.announced]).toEqual([[], []]);
  });

  test('nothing is announced if the purge cannot be requested, and the error is thrown', async () => {
    const newsroom = new Newsroom();
    const record = await newsroom.write(live());
    await expect(project(newsroom.with({ purgeRequests: { send: failing } }), id, [record])).rejects.toThrow(
      'throttled',
    );
    expect(newsroom.announcer.announced).toEqual([]);
  });

  test('the error of an announcement is thrown, and the retry repeats everything', async () => {
    const newsroom = new Newsroom();
    const record = await newsroom.write(live());
    await expect(project(newsroom.with({ announcer: { announce: failing } }), id, [record])).rejects.toThrow(
      'throttled',
    );
    await project(newsroom, id, [record]);
    expect(newsroom.purges).toHaveLength(2);
    expect(newsroom.said).toEqual(['article.live', 'feed.changed']);
  });

  test('the purge is requested after the feeds and the list of changes are written, and before the announcements', async () => {
    const newsroom = new Newsroom();
    const record = await newsroom.write(live());
    const order: string[] = [];
    await project(
      {
        articles: newsroom.articles,
        feeds: {
          put: async (entry) =>
            Promise.resolve().then(() => {
              order.push('put');
              return newsroom.feeds.put(entry);
            }),
          page: failing,
        },
        changeList: {
          list: () => {
            order.push('list');
            return Promise.resolve();
          },
        },
        purgeRequests: {
          send: () => {
            order.push('purge');
            return Promise.resolve();
          },
        },
        announcer: {
          announce: () => {
            order.push('announce');
            return Promise.resolve();
          },
        },
        purgeAgainSeconds: 1,
      },
      id,
      [record],
    );
    expect(order).toEqual([...feedsOfStory.map(() => 'put'), 'list', 'purge', 'announce']);
  });
});

describe('any division into batches', () => {
  const uris = ['urn:a', 'urn:b'] as const;
  const sketch = fc.record({
    uri: fc.constantFrom(...uris),
    isLive: fc.constantFrom(true, true, true, false),
    headline: fc.constantFrom('One', 'Two'),
    section: fc.constantFrom('news', 'news/world', 'sport'),
    topic: fc.constantFrom('Bridges', 'Tunnels'),
    firstPublished: fc.constantFrom(noon, noon - 60_000),
    isExpired: fc.boolean(),
  });
  const batch = fc.array(fc.nat(9), { minLength: 1, maxLength: 5 });

  test('ends with the feeds of the final heads, however records are repeated, split, delayed or concurrent', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(sketch, { minLength: 1, maxLength: 8 }),
        fc.array(batch, { maxLength: 6 }),
        async (scheduler, sketches, batches) => {
          const newsroom = new Newsroom();
          // Every read may be answered late, and every write be done late.
          const ports: ProjectPorts = {
            articles: { head: async (articleId) => scheduler.schedule(newsroom.articles.head(articleId)) },
            feeds: {
              put: async (entry) => {
                await scheduler.schedule(Promise.resolve());
                return newsroom.feeds.put(entry);
              },
              page: async (...request) => newsroom.feeds.page(...request),
            },
            changeList: newsroom.changeList,
            purgeRequests: newsroom.purgeRequests,
            announcer: newsroom.announcer,
            purgeAgainSeconds: 1,
          };
          const runs: Promise<void>[] = [];
          const run = (records: readonly HeadChange[]): void => {
            for (const [articleId, own] of Map.groupBy(records, ({ after }) => after?.articleId ?? ''))
              runs.push(project(ports, articleId, own));
          };
          const writing = async (): Promise<void> => {
            for (const [
              index,
              { uri, isLive, headline, section, topic, firstPublished, isExpired },
            ] of sketches.entries()) {
              await scheduler.schedule(Promise.resolve());
              const record = await newsroom.write(
                isLive
                  ? live({
                      uri,
                      firstPublished,
                      story: {
                        headlines: [{ value: headline }],
                        subjects: [{ rel: 'section', literal: section }, { name: topic }],
                        ...(isExpired && { expires: '2026-05-01T10:00:00.000Z' }),
                      },
                    })
                  : gone(uri),
              );
              run([record]);
              // Batches whose records are all written by now: some of them for the second time, in any order.
              for (const indices of batches.filter((one) => Math.max(...one) % sketches.length === index)) {
                run(indices.flatMap((n) => newsroom.records[n % sketches.length] ?? []));
              }
            }
          };
          await scheduler.waitFor(writing());
          await scheduler.waitFor(Promise.all(runs));

          const wanted = await newsroom.wanted(uris.map(articleIdOf));
          expect(sorted(await newsroom.entries())).toEqual(sorted(wanted));
          // Each change has at least one announcement, and there are no others.
          const seqs = new Set(
            articleOnes(newsroom.announcer.announced).map(({ detail }) =>
              'articleId' in detail ? `${detail.articleId} ${detail.seq}` : '',
            ),
          );
          expect(seqs).toEqual(
            new Set(newsroom.records.map(({ after }) => `${after?.articleId ?? ''} ${after?.seq ?? 0}`)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
