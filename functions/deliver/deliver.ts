import type { Card } from '../../shared/article/card.ts';
import { latest } from '../../shared/feed/placement.ts';
import { allFeedsTag, feedTag, frontTag, siteTag } from '../../shared/purge/tags.ts';
import { routes } from '../../shared/site/routes.ts';
import { monthSitemap, sitemapIndex } from './archive-sitemap.ts';
import { changesResponse } from './changes.ts';
import { iconOf } from './document.ts';
import { notFoundPage } from './error-page.ts';
import { homeFront } from './front-page.ts';
import { fragmentResponse, frontMissing, frontResponse } from './front-response.ts';
import { answer, lifetimes, listLifetime, movedTo, problem, withQuery, type Request, type Response } from './http.ts';
import { withoutPulledPictures } from './pulled.ts';
import { newPosts, olderPosts } from './live-response.ts';
import { moreOnTopic } from './more-on-topic.ts';
import type { DeliverPorts } from './ports.ts';
import { previewResponse } from './preview.ts';
import { withoutAudioUnlessOffered } from './read-aloud.ts';
import { adsOf, manifestOf, openSearchOf, robotsOf, securityOf } from './site-files.ts';
import { feedPagePath, siteOf, type Site } from './site.ts';
import { maxSitemapStories, newsSitemap, sitemapMilliseconds } from './sitemap.ts';
import { articleJson, articleAt } from './article-response.ts';
import { largestLimit, feedDocument, feedPage } from './feed-response.ts';

const longestPath = 1024;

/** Answers one request of the CDN, with strongly consistent reads. */
export async function deliver(ports: DeliverPorts, request: Request): Promise<Response> {
  const site = siteOf(ports, request.host, ports.clock.now());
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const rejection = problem(405, 'Method not allowed', 'Only GET and HEAD are served here.');
    return { ...rejection, headers: { ...rejection.headers, allow: 'GET, HEAD' } };
  }
  const response = await route({ ports: withoutPulledPictures(withoutAudioUnlessOffered(ports)), site, request });
  return request.method === 'HEAD' ? { ...response, body: '' } : response;
}

interface Asked {
  readonly ports: DeliverPorts;
  readonly site: Site;
  readonly request: Request;
}

/** The response of each route. `first` and `second` are the groups of the route's pattern. */
const answers: Readonly<
  Record<keyof typeof routes, (asked: Asked, first: string, second: string) => Response | Promise<Response>>
> = {
  health: () => ({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': lifetimes.never },
    body: '{"status":"ok"}',
  }),
  robots: ({ site, request }) => fixed(request, 'text/plain; charset=utf-8', robotsOf(site)),
  icon: async ({ site, request }) => fixed(request, 'image/svg+xml', await iconOf(site)),
  manifest: ({ site, request }) => fixed(request, 'application/manifest+json', manifestOf(site)),
  openSearch: async ({ ports, site, request }) =>
    ofTheme(ports, site, request, 'application/opensearchdescription+xml; charset=utf-8', await openSearchOf(site)),
  ads: ({ ports, site, request }) => ofTheme(ports, site, request, 'text/plain; charset=utf-8', adsOf(site)),
  security: ({ ports, site, request }) => ofTheme(ports, site, request, 'text/plain; charset=utf-8', securityOf(site)),
  sitemapIndex: async ({ ports, site, request }) => archive(ports, site, request, await sitemapIndex(ports, site)),
  sitemapMonth: async ({ ports, site, request }, month) =>
    archive(ports, site, request, await monthSitemap(ports, site, month)),
  openApi: ({ site, request }) => openApi(site, request),
  changes: ({ ports, site, request }) => changesResponse(ports, site, request),
  sitemap: ({ ports, site, request }) => sitemap(ports, site, request),
  articleJson: ({ ports, site, request }, articleId) => articleJson(ports, site, request, articleId),
  moreOnTopic: ({ ports, site, request }, articleId) => moreOnTopic(ports, site, request, articleId),
  preview: ({ ports, site }, token) => previewResponse(ports, site, token),
  posts: ({ ports, site, request }, storyId) => olderPosts(ports, site, request, storyId),
  newPosts: ({ ports, site, request }, storyId) => newPosts(ports, site, request, storyId),
  feed: ({ ports, site, request }, feed, extension) => feedDocument(ports, site, request, feed, extension),
  front: async ({ ports, site, request }, name, extension) => {
    const format = extension === 'json' ? 'json' : 'html';
    return (await frontResponse(ports, site, request, name, format)) ?? frontMissing(ports, site, name, format);
  },
  fragment: ({ ports, site, request }, name) => fragmentResponse(ports, site, request, name),
  home: async ({ ports, site, request }) =>
    (await frontResponse(ports, site, request, homeFront, 'html')) ??
    feedPage(ports, site, request, latest, [frontTag(homeFront)]),
  list: ({ ports, site, request }, feed) =>
    request.path.endsWith('/')
      ? movedTo(withQuery(feedPagePath(feed), request.query), [])
      : feedPage(ports, site, request, feed),
};

async function route(asked: Asked): Promise<Response> {
  const { ports, site, request } = asked;
  // No stored path is as long, and DynamoDB rejects a key of more than 2,048 bytes.
  if (request.path.length > longestPath) return notFoundPage(ports, site);
  for (const name of Object.keys(routes) as (keyof typeof routes)[]) {
    const [path, first = '', second = ''] = routes[name].pattern.exec(request.path) ?? [];
    if (path !== undefined) return answers[name](asked, first, second);
  }
  return articleAt(ports, site, request);
}

/** Returns a document that only a deployment changes. */
function fixed(request: Request, contentType: string, body: string): Response {
  return answer(request, { contentType, body, cacheControl: lifetimes.page, tags: [siteTag], changedAt: 0 });
}

/** Returns a file whose content is in the theme; 404 if the theme has none. */
function ofTheme(
  ports: DeliverPorts,
  site: Site,
  request: Request,
  contentType: string,
  body: string | undefined,
): Response | Promise<Response> {
  return body === undefined ? notFoundPage(ports, site, [siteTag]) : fixed(request, contentType, body);
}

/** Returns a sitemap of the archive. */
function archive(
  ports: DeliverPorts,
  site: Site,
  request: Request,
  body: string | undefined,
): Response | Promise<Response> {
  return body === undefined
    ? notFoundPage(ports, site, [allFeedsTag])
    : answer(request, {
        contentType: 'application/xml; charset=utf-8',
        body,
        cacheControl: listLifetime(site.lists),
        tags: [feedTag(latest), allFeedsTag],
        changedAt: 0,
      });
}

/** Returns the OpenAPI document, which is loaded on the first request for it. */
async function openApi({ url }: Site, request: Request): Promise<Response> {
  const { default: document } = await import('../../shared/contracts/openapi.json', { with: { type: 'json' } });
  return answer(request, {
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({ ...document, servers: [{ url }] }),
    cacheControl: lifetimes.page,
    tags: [siteTag],
    changedAt: 0,
    headers: { 'access-control-allow-origin': '*' },
  });
}

/** Returns the sitemap with the stories of the last two days, newest first. */
async function sitemap(ports: DeliverPorts, site: Site, request: Request): Promise<Response> {
  const oldest = new Date(ports.clock.now() - sitemapMilliseconds).toISOString();
  const cards: Card[] = [];
  let after: string | undefined;
  let changedAt = 0;
  do {
    const page = await ports.feeds.page(latest, largestLimit, after);
    cards.push(...page.entries.flatMap(({ card }) => (card.firstPublished >= oldest ? [card] : [])));
    changedAt = Math.max(changedAt, page.seq);
    const last = page.entries.at(-1);
    after = page.more && last !== undefined && last.card.firstPublished >= oldest ? last.place : undefined;
  } while (after !== undefined && cards.length < maxSitemapStories);
  return answer(request, {
    contentType: 'application/xml; charset=utf-8',
    body: await newsSitemap(site, cards.slice(0, maxSitemapStories)),
    cacheControl: listLifetime(site.lists),
    tags: [feedTag(latest), allFeedsTag],
    changedAt,
  });
}
