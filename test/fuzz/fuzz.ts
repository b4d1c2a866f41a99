import fc from 'fast-check';
import { busEvent, story } from '../unit/story.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { tryEvent, tryRequest } from './inputs.ts';
import { foreignText, mangledEvent, mangledRequest } from './mangled.ts';

/** How many there were of each. */
export interface Tally {
  stored: number;
  rejected: number;
  requests: number;
}

/**
 * Runs random events and requests, three events to a request. Rejects with the smallest counter-example and its seed.
 */
export async function fuzz(runs: number, seed: number): Promise<Tally> {
  const tally: Tally = { stored: 0, rejected: 0, requests: 0 };
  const requests = Math.floor(runs / 4);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 19, arbitrary: mangledEvent }, { weight: 1, arbitrary: foreignText }),
      async (body) => {
        tally[await tryEvent(body)] += 1;
      },
    ),
    { numRuns: runs - requests, seed },
  );
  const { pipeline, known } = await populated();
  await fc.assert(
    fc.asyncProperty(mangledRequest(known), async (request) => {
      await tryRequest(pipeline, request);
      tally.requests += 1;
    }),
    { numRuns: requests, seed },
  );
  return tally;
}

/** A pipeline with live, withdrawn, hidden and moved articles and a front, and their addresses. */
async function populated(): Promise<{ pipeline: Pipeline; known: string[] }> {
  const pipeline = new Pipeline();
  const uri = (name: string): string => `urn:newsroom:${name}`;
  const minute = (past: number): string => new Date(pipeline.clock.time - past * 60_000).toISOString();
  await pipeline.deliver([
    busEvent('article.published', { article: story({ versionCreated: minute(9) }), path: '/news/local/old' }),
    busEvent('article.updated', { article: story({ versionCreated: minute(8) }), path: '/news/local/bridge-über' }),
    busEvent('article.published', {
      article: story({ uri: uri('gone'), versionCreated: minute(9) }),
      path: '/news/local/gone',
    }),
    busEvent('article.unpublished', { article: { uri: uri('gone'), versionCreated: minute(7) } }),
    busEvent('article.published', {
      article: story({ uri: uri('withheld'), versionCreated: minute(9), pubStatus: 'withheld' }),
      path: '/news/local/withheld',
    }),
    busEvent('article.published', { article: story({ uri: uri('plain'), versionCreated: minute(6) }) }),
    busEvent('front.published', {
      front: {
        name: 'home',
        versionCreated: minute(5),
        containers: [{ title: 'Top', pins: [uri('plain')], backfill: 'latest' }],
      },
    }),
  ]);
  const heads = [...pipeline.articles.heads.values()];
  const known = [
    '/',
    '/healthz',
    '/latest',
    '/fronts/home.json',
    '/fronts/home.html',
    '/fronts/none.json',
    '/news/local/old',
    '/news/local/gone',
    '/news/local/withheld',
    '/sitemap-news.xml',
    '/robots.txt',
    ...heads.flatMap(({ articleId, path }) => [
      `/articles/${articleId}.json`,
      `/articles/${articleId}/x`,
      ...(path === undefined ? [] : [path]),
    ]),
    ...[...pipeline.feeds.rows.keys()].flatMap((feed) => [
      `/${feed}`,
      `/feeds/${feed}.json`,
      `/feeds/${feed}.rss`,
      `/feeds/${feed}.atom`,
    ]),
  ];
  return { pipeline, known };
}
