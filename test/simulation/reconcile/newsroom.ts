import { beforeEach } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { busEvent, noon, story } from '../../unit/story.ts';
import { ReconciledPipeline } from '../reconciled-pipeline.ts';

export const minute = 60_000;
export const bridge = articleIdOf('urn:bridge');
export const harbour = articleIdOf('urn:harbour');

export const published = (
  uri: string,
  more: Parameters<typeof story>[0] = {},
  rest: Record<string, unknown> = {},
): string =>
  busEvent('article.published', {
    article: story({ uri, headlines: [{ value: `About ${uri}` }], ...more }),
    receivedAt: noon,
    ...rest,
  });

/** The pipeline of the present test: ten articles and fronts, an hour old, and nothing else announced or purged. */
export let pipeline: ReconciledPipeline;

beforeEach(async () => {
  pipeline = new ReconciledPipeline();
  await pipeline.deliver([
    published('urn:bridge', {}, { path: '/news/bridge' }),
    ...Array.from({ length: 7 }, (_, n) => published(`urn:story:${n}`)),
    published('urn:harbour', { subjects: [{ rel: 'section', literal: 'news/harbour' }] }),
  ]);
  await pipeline.send('front.published', {
    front: { name: 'home', versionCreated: '2026-05-01T12:00:00Z', containers: [{ title: 'Top', backfill: 'latest' }] },
  });
  pipeline.clock.time += 60 * minute;
  pipeline.purgeRequests.asked.length = 0;
  pipeline.announcer.announced.length = 0;
});

/** Every row of the feeds table that readers see. */
export const shown = (): unknown[] =>
  [...pipeline.feeds.rows.values()].flatMap((rows) => [...rows.values()].filter(({ card }) => card !== undefined));
export const rowOf = (feed: string, articleId: string) =>
  [...(pipeline.feeds.rows.get(feed)?.values() ?? [])].find(({ place }) => place.endsWith(articleId));
/** The sort position of an article. */
export const place = (articleId: string): string => pipeline.articles.heads.get(articleId)?.place ?? '';
