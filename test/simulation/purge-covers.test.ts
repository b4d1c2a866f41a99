import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Response } from '../../functions/deliver/http.ts';
import { store } from '../../functions/store/store.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { cursorOf } from '../../shared/feed/feed.ts';
import type { FeedKindName } from '../../shared/feed/placement.ts';
import { collapseTags } from '../../shared/purge/tags.ts';
import type { routes } from '../../shared/site/routes.ts';
import { Pipeline } from './pipeline.ts';
import { theme } from '../unit/newspaper.ts';
import { busEvent, noon, story } from '../unit/story.ts';

const uris = ['urn:a', 'urn:b', 'urn:c'];
const paths = ['/news/x', '/news/y'];
const headlines = ['One', 'Two'];
/** Feeds of the stories below. Every new kind is asked for here. */
const feedsByKind: Readonly<Record<FeedKindName, readonly string[]>> = {
  section: ['news', 'news/world', 'sport'],
  genre: ['explainer'],
  topic: ['bridges'],
  author: ['ada'],
};
const feeds = [
  'latest',
  ...Object.entries(feedsByKind).flatMap(([kind, names]) => names.map((name) => `${kind}/${name}`)),
];
const ids = uris.map(articleIdOf);

/** What a reader could have asked for and the CDN kept. Every new route is asked for here. */
const addresses: Readonly<Record<keyof typeof routes, readonly string[]>> = {
  home: ['/', '/?limit=1', ...ids.map((id) => `/?exclude=${id}`)],
  articleJson: ids.map((id) => `/articles/${id}.json`),
  moreOnTopic: ids.map((id) => `/articles/${id}.fragment.html`),
  list: feeds.map((feed) => `/${feed}`),
  feed: feeds.flatMap((feed) => [
    ...['json', 'rss', 'atom'].map((format) => `/feeds/${feed}.${format}`),
    `/feeds/${feed}.json?limit=1`,
    `/feeds/${feed}.json?limit=1&after=${cursorOf(`${new Date(noon + 60_000).toISOString()}#${'a'.repeat(16)}`)}`,
  ]),
  fragment: ['home', 'pins', 'article', 'unknown'].map((name) => `/fronts/${name}.fragment.html`),
  front: ['home', 'pins', 'unknown'].flatMap((name) =>
    ['json', 'html'].flatMap((format) => [
      `/fronts/${name}.${format}`,
      `/fronts/${name}.${format}?exclude=${ids[0] ?? ''}`,
    ]),
  ),
  sitemap: ['/sitemap-news.xml'],
  sitemapIndex: ['/sitemap.xml'],
  sitemapMonth: ['/sitemap-2026-05.xml'],
  // It expires within five seconds, whatever is purged.
  changes: [],
  // The stories below have no posts, and no cache keeps a preview.
  posts: [],
  newPosts: [],
  preview: [],
  // These show no story.
  health: [],
  robots: [],
  icon: [],
  manifest: [],
  openSearch: [],
  ads: [],
  security: [],
  openApi: [],
};
const urls = [
  ...Object.values(addresses).flat(),
  ...ids.flatMap((id) => [
    `/articles/${id}`,
    ...headlines.map((headline) => `/articles/${id}/${headline.toLowerCase()}`),
  ]),
  ...paths,
];

/** Of lists, `updated` alone is allowed to ride on their ten seconds. */
function said(url: string, { status, headers, body }: Response): unknown {
  const isArticle = /^\/(?:articles|news)\//.test(url);
  const text = isArticle
    ? body
    : body
        .replaceAll(/"(?:updated|date_modified)":"[^"]*"/g, '')
        .replaceAll(/<(updated|atom:updated|lastBuildDate)>[^<]*<\/\1>/g, '');
  return { status, location: headers['location'], text };
}

type Step =
  | { readonly does: 'pass'; readonly minutes: number }
  | {
      readonly does: 'send';
      readonly kind: string;
      readonly uri: string;
      readonly minute: number;
      readonly headline: string;
      readonly section: string;
      readonly body: string;
      readonly by: string | undefined;
      readonly genre: boolean;
      readonly path: string | undefined;
      readonly related: readonly string[];
      readonly topic: string;
      readonly embargo: number | undefined;
      readonly expires: number | undefined;
    }
  | {
      readonly does: 'front';
      readonly kind: string;
      readonly name: string;
      readonly pins: readonly string[];
      readonly backfill: string | undefined;
      readonly limit: number;
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ does: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('send' as const),
      kind: fc.constantFrom(
        'article.published',
        'article.updated',
        'article.updated',
        'article.updated',
        'article.unpublished',
        'article.deleted',
        'article.held',
        'article.unheld',
        'withheld',
      ),
      uri: fc.constantFrom(...uris),
      minute: fc.integer({ min: -5, max: 2 }),
      headline: fc.constantFrom(...headlines),
      section: fc.constantFrom(...feedsByKind.section),
      body: fc.constantFrom('<p>Once.</p>', '<p>Twice.</p>'),
      by: fc.constantFrom(undefined, 'Ada'),
      genre: fc.boolean(),
      path: fc.constantFrom(undefined, ...paths),
      related: fc.uniqueArray(fc.constantFrom(...uris), { maxLength: 2 }),
      topic: fc.constantFrom('Bridges', 'bridges'),
      embargo: fc.option(fc.integer({ min: -3, max: 4 }), { nil: undefined, freq: 3 }),
      expires: fc.option(fc.integer({ min: -1, max: 4 }), { nil: undefined, freq: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('front' as const),
      kind: fc.constantFrom('front.published', 'front.published', 'front.published', 'front.unpublished'),
      name: fc.constantFrom('home', 'pins'),
      pins: fc.uniqueArray(fc.constantFrom(...uris), { maxLength: 3 }),
      backfill: fc.constantFrom(undefined, 'latest', 'section/news', 'genre/explainer'),
      limit: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

async function take(pipeline: Pipeline, step: Step): Promise<void> {
  const at = (minutes: number): string => new Date(pipeline.clock.time + minutes * 60_000).toISOString();
  if (step.does === 'pass') {
    await pipeline.pass(step.minutes * 60_000);
    return;
  }
  const receivedAt = pipeline.clock.time;
  const time = { time: new Date(receivedAt).toISOString() };
  if (step.does === 'front') {
    const { kind, name, pins, backfill, limit } = step;
    await store(
      pipeline,
      busEvent(
        kind,
        {
          front: {
            name,
            versionCreated: at(0),
            containers: [{ title: 'Box', pins, limit, ...(backfill !== undefined && { backfill }) }],
          },
          receivedAt,
        },
        time,
      ),
      'delivery',
    );
    return;
  }
  const { kind, uri, minute, headline, section, body, by, genre, path, related, topic, embargo, expires } = step;
  await store(
    pipeline,
    busEvent(
      kind === 'withheld' ? 'article.updated' : kind,
      {
        article: story({
          uri,
          versionCreated: at(minute),
          pubStatus: kind === 'withheld' ? 'withheld' : 'usable',
          headlines: [{ value: headline }],
          bodies: [{ contentType: 'text/html', value: body }],
          by,
          subjects: [{ rel: 'section', literal: section }, { name: topic }],
          associations: related.map((other) => ({ type: 'text', uri: other })),
          genres: genre ? [{ name: 'Explainer' }] : [],
          ...(embargo !== undefined && { embargoedUntil: at(embargo) }),
          ...(expires !== undefined && { expires: at(expires) }),
        }),
        receivedAt,
        ...(path !== undefined && { path }),
      },
      time,
    ),
    'delivery',
  );
}

/** Cached before or during a step and stale after it, with no purge of the step that would reach it. */
async function staleAfter(
  pipeline: Pipeline,
  steps: readonly Step[],
  together: boolean,
): Promise<{ url: string; was: unknown; is: unknown; tags: readonly string[]; purged: readonly string[] } | undefined> {
  // "A story never seen before needs no `article:` purge": the 404 of its name lives five seconds.
  const unseen = new Set(ids.filter((id) => !pipeline.articles.heads.has(id)).map((id) => `article:${id}`));
  const cached: { readonly url: string; readonly was: Response; readonly text: string }[] = [];
  const look = async (): Promise<void> => {
    for (const url of urls) {
      const was = await pipeline.see(url);
      cached.push({ url, was, text: JSON.stringify(said(url, was)) });
    }
  };
  await look();
  pipeline.purgeRequests.asked.length = 0;
  for (const step of steps) {
    await take(pipeline, step);
    // Answers that are cached between the writes of the head and of the feeds are stale, too.
    await look();
  }
  await pipeline.projectNews(together);
  pipeline.clock.time += 1;
  const purged = collapseTags(pipeline.purgeRequests.asked.flatMap(({ tags }) => tags));
  const present = new Map<string, Response>();
  for (const url of urls) present.set(url, await pipeline.see(url));
  for (const { url, was, text } of cached) {
    const is = present.get(url) ?? was;
    if (text === JSON.stringify(said(url, is))) continue;
    const tags = (was.headers['x-amz-meta-cache-tag'] ?? '').split(',').filter((tag) => tag !== '');
    // The page of such a 404 lists the latest stories too.
    const isUnseen = (tag: string): boolean => unseen.has(tag) || tag === 'feed:latest' || tag === 'feeds';
    if (was.status === 404 && tags.every(isUnseen)) continue;
    if (!tags.some((tag) => purged.includes(tag))) return { url, was: said(url, was), is: said(url, is), tags, purged };
  }
  return undefined;
}

test('each change that readers see is purged by a tag that the old answer carries', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<'summary' | 'full'>('summary', 'full'),
      fc.array(fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 2 }), together: fc.boolean() }), {
        minLength: 2,
        maxLength: 8,
      }),
      async (text, history) => {
        const pipeline = new Pipeline(undefined, { ...theme, feeds: { text } });
        for (const { steps, together } of history) expect(await staleAfter(pipeline, steps, together)).toBeUndefined();
        expect(pipeline.rejections.kept).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});
