import type { InferOutput } from 'valibot';
import type { articleSchema } from '../../shared/events/answer-schema.ts';
import type { Card } from '../../shared/article/card.ts';
import { isStripped } from '../../shared/article/erasure.ts';
import { cursorOf, placeOfCursor } from '../../shared/feed/feed.ts';
import { type Head } from '../../shared/article/head.ts';
import { forReaders } from '../../shared/article/ninjs.ts';
import { canonicalPath } from '../../shared/article/path.ts';
import { feedPattern, latest } from '../../shared/feed/placement.ts';
import { articleWithout, pictureIdsOf } from '../../shared/picture/picture.ts';
import { canaryUri, shownHeader, shownText } from '../../shared/trace/publish-trace.ts';
import {
  allFeedsTag,
  articleTag,
  feedTag,
  frontTag,
  galleriesTag,
  pictureTag,
  siteTag,
} from '../../shared/purge/tags.ts';
import { defaultLimit, parameterValues, routes } from '../../shared/site/routes.ts';
import { type Article } from '../../shared/article/article.ts';
import { articlePage } from './article-page.ts';
import { changesResponse } from './changes.ts';
import { iconOf, pageHeaders } from './document.ts';
import { errorPage, notFoundPage } from './error-page.ts';
import { feedFormats, hubHeaders } from './feed-documents.ts';
import type { FeedItem } from './feed-parts.ts';
import { largestThatFits, textsOf, type FeedTexts } from './feed-texts.ts';
import { nameOfFeed } from './feed-name.ts';
import { homeFront } from './front-page.ts';
import { fragmentResponse, frontMissing, frontResponse } from './front-response.ts';
import {
  answer,
  lifetimes,
  listLifetime,
  movedTo,
  pageLifetime,
  problem,
  type Request,
  type Response,
} from './http.ts';
import { listPage } from './list-page.ts';
import { articleShownAt } from './live-article.ts';
import { withoutPulledPictures } from './pulled.ts';
import { moreOnTopic } from './more-on-topic.ts';
import type { DeliverPorts } from './ports.ts';
import { readAloud, withoutAudioUnlessOffered } from './read-aloud.ts';
import { relatedTo } from './related.ts';
import { feedPagePath, siteOf, type Site } from './site.ts';
import { maxSitemapStories, newsSitemap, sitemapMilliseconds } from './sitemap.ts';

type LiveHead = Head & { readonly card: Card; readonly path: string; readonly version: string };

const longestPath = 1024;
const largestLimit = 100;

/** The CDN's origin: one request, answered from strongly consistent reads. */
export async function deliver(ports: DeliverPorts, request: Request): Promise<Response> {
  const site = siteOf(ports, request.host);
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

/** What answers each route, given what its pattern takes from the path. */
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
  openApi: ({ site, request }) => openApi(site, request),
  changes: ({ ports, site, request }) => changesResponse(ports, site, request),
  sitemap: ({ ports, site, request }) => sitemap(ports, site, request),
  articleJson: ({ ports, site, request }, articleId) => articleJson(ports, site, request, articleId),
  moreOnTopic: ({ ports, site, request }, articleId) => moreOnTopic(ports, site, request, articleId),
  feed: ({ ports, site, request }, feed, extension) => feedDocument(ports, site, request, feed, extension),
  front: async ({ ports, site, request }, name, extension) => {
    const format = extension === 'json' ? 'json' : 'html';
    return (await frontResponse(ports, site, request, name, format)) ?? frontMissing(ports, site, name, format);
  },
  fragment: ({ ports, site, request }, name) => fragmentResponse(ports, site, request, name),
  home: async ({ ports, site, request }) =>
    (await frontResponse(ports, site, request, homeFront, 'html')) ??
    feedPage(ports, site, request, latest, [frontTag(homeFront)]),
  list: ({ ports, site, request }, feed) => feedPage(ports, site, request, feed),
};

async function route(asked: Asked): Promise<Response> {
  const { ports, site, request } = asked;
  // Longer than anything that could be stored: no key of the table may be looked up by it.
  if (request.path.length > longestPath) return notFoundPage(ports, site);
  for (const name of Object.keys(routes) as (keyof typeof routes)[]) {
    const [path, first = '', second = ''] = routes[name].pattern.exec(request.path) ?? [];
    if (path !== undefined) return answers[name](asked, first, second);
  }
  return articleAt(ports, site, request);
}

/** Everybody may read everything (RFC 9309). */
function robotsOf({ url }: Site): string {
  return `User-agent: *\nAllow: /\n\nSitemap: ${url}/sitemap-news.xml\n`;
}

/** What a deployment changes, and nothing else does. */
function fixed(request: Request, contentType: string, body: string): Response {
  return answer(request, { contentType, body, cacheControl: lifetimes.page, tags: [siteTag], changedAt: 0 });
}

/** Read only when somebody asks for it. */
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

async function articleJson(ports: DeliverPorts, site: Site, request: Request, articleId: string): Promise<Response> {
  const { head, article, tags } = await readLive(ports, site, articleId);
  if (!head || !article) {
    return head?.visibility === 'gone'
      ? problem(410, 'Gone', 'This article was withdrawn.', tags)
      : problem(404, 'Not found', 'There is no article of this id.', tags);
  }
  const { path, seq, card } = head;
  return answer(request, {
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({
      ...forReaders(article),
      _pressrun: {
        articleId,
        path,
        seq,
        firstPublished: card.firstPublished,
        updated: card.updated,
      } satisfies InferOutput<typeof articleSchema>['_pressrun'],
    }),
    cacheControl: pageLifetime(ports.lists, seq, ports.clock.now()),
    tags,
    changedAt: seq,
    headers: { 'access-control-allow-origin': '*', [shownHeader]: shownText(articleId, seq) },
  });
}

/** A page at an article's own path, however it is encoded; any other path that it has or had leads there. */
async function articleAt(ports: DeliverPorts, site: Site, request: Request): Promise<Response> {
  const path = canonicalPath(request.path);
  const named = path === undefined ? undefined : /^\/articles\/([a-z2-7]{16})(?:\/|$)/.exec(path);
  const articleId = named?.[1] ?? (path === undefined ? undefined : (await ports.articles.pathOwner(path))?.articleId);
  if (articleId === undefined) return notFoundPage(ports, site);

  const { head, article, tags } = await readLive(ports, site, articleId);
  if (!head || !article) {
    return head?.visibility === 'gone'
      ? errorPage(ports, site, 410, site.words.gone, site.words.goneText, tags)
      : notFoundPage(ports, site, tags);
  }
  // Never for the encoding alone: whoever encodes it otherwise on the way would be sent here for ever.
  if (path !== head.path || request.path.endsWith('/')) return movedTo(head.path, [articleTag(articleId)]);
  const related = await relatedTo(ports, article);
  return answer(request, {
    contentType: 'text/html; charset=utf-8',
    body: await articlePage(site, head, article, related),
    cacheControl: pageLifetime(ports.lists, head.seq, ports.clock.now()),
    tags: [...tags, ...related.tags],
    changedAt: Math.max(head.seq, related.changedAt),
    headers: {
      ...pageHeaders(site),
      [shownHeader]: shownText(articleId, head.seq),
      ...(head.uri === canaryUri && { 'x-robots-tag': 'noindex' }),
    },
  });
}

type LiveRead =
  | { readonly head: LiveHead; readonly article: Article; readonly tags: readonly string[] }
  | {
      readonly head: Pick<Head, 'visibility'> | undefined;
      readonly article: undefined;
      readonly tags: readonly string[];
    };

/** CloudFront takes 50 tags an object; the rest is kept free. */
const maxPictureTags = 38;

/** The head and, where it is live, what it shows: without the pictures that were pulled, but with their tags, so that they can come back. */
async function readLive(ports: DeliverPorts, site: Site, articleId: string): Promise<LiveRead> {
  const tags = [articleTag(articleId)];
  const head = await ports.articles.head(articleId);
  if (head?.visibility !== 'live' || head.card === undefined || head.path === undefined || head.version === undefined)
    return { head, article: undefined, tags };
  const version = await ports.articles.version(articleId, head.version);
  if (!version) throw new Error(`the head of ${articleId} shows a version that is not stored`);
  // Erased between the two reads: what can no longer be read is gone.
  if (isStripped(version.content)) return { head: { visibility: 'gone' }, article: undefined, tags };
  const article = await articleShownAt(head, version.content, ports.clock.now());
  const pictures = pictureIdsOf(article);
  tags.push(
    ...pictures.slice(0, maxPictureTags).map(pictureTag),
    ...(pictures.length > maxPictureTags ? [galleriesTag] : []),
  );
  return {
    head: { ...head, card: head.card, path: head.path, version: head.version },
    article: readAloud(site, articleWithout(article, await ports.pictures.pulled()), head.card),
    tags,
  };
}

/** The stories of the last two days, newest first. */
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

interface ListRequest {
  readonly limit: number;
  readonly after: string | undefined;
}

/** `limit` and `after`, or the problem with them. */
function listRequest(query: URLSearchParams, now: number): ListRequest | Response {
  const limit = query.get('limit') ?? String(defaultLimit);
  if (!parameterValues.limit.test(limit))
    return problem(400, 'Bad limit', `limit must be a whole number from 1 to ${largestLimit}.`);
  const cursor = query.get('after');
  const after = cursor === null ? undefined : placeOfCursor(cursor, now);
  if (cursor !== null && after === undefined)
    return problem(400, 'Bad cursor', 'after must be a cursor taken from a "next" link of this feed.');
  return { limit: Number(limit), after };
}

async function feedDocument(
  ports: DeliverPorts,
  site: Site,
  request: Request,
  feed: string,
  extension: string,
): Promise<Response> {
  // Clients that are made of the OpenAPI document encode the slashes of a feed's id.
  const decoded = feed.replaceAll(/%2f/gi, '/');
  if (decoded !== feed && feedPattern.test(decoded))
    return movedTo(withQuery(`/feeds/${decoded}.${extension}`, request.query), []);
  const format = feedFormats[extension];
  if (!format || !feedPattern.test(feed)) return problem(404, 'Not found', 'There is no such feed.');
  const tags = [feedTag(feed), allFeedsTag];
  const list = listRequest(request.query, ports.clock.now());
  if ('status' in list) return list;
  const page = await ports.feeds.page(feed, list.limit, list.after);
  if (page.entries.length === 0 && list.after === undefined && !standsEmpty(site, feed))
    return problem(404, 'Not found', 'There is no such feed.', tags);

  const cards = page.entries.map(({ card }) => card);
  const [name, texts] = await Promise.all([
    nameOfFeed(ports.articles, site, feed, cards),
    format.hasTexts === true || site.theme.feeds.text === 'full'
      ? textsOf(ports, site, page.entries)
      : ({ items: page.entries, tags: [], changedAt: 0 } satisfies FeedTexts),
  ]);
  const at = (after: string | undefined): string =>
    feedUrl(`${site.url}/feeds/${feed}.${extension}`, list.limit, after);
  const selfUrl = at(list.after);
  const write = async (items: readonly FeedItem[]): Promise<string> =>
    format.write(site, {
      feed,
      title: name.title,
      items,
      removed: page.removed,
      changedAt: new Date(Math.max(page.seq, texts.changedAt)),
      selfUrl,
      nextUrl: page.more || items.length < page.entries.length ? at(page.entries[items.length - 1]?.place) : undefined,
    });
  return answer(request, {
    contentType: format.contentType,
    body: await largestThatFits(texts.items, write),
    cacheControl: listLifetime(site.lists),
    tags: [...new Set([...tags, ...name.tags, ...texts.tags])],
    // No date: libcurl drops a body that is no newer to the second, whatever its ETag, and its readers would lose a story.
    changedAt: 0,
    headers: { 'access-control-allow-origin': '*', ...hubHeaders(site, selfUrl) },
  });
}

/** Whether a feed is there before its first story: Latest News, and each section that the theme names. */
function standsEmpty({ theme }: Site, feed: string): boolean {
  return feed === latest || theme.sections.some(({ path }) => feed === `section/${path}`);
}

async function feedPage(
  ports: DeliverPorts,
  site: Site,
  request: Request,
  feed: string,
  more: readonly string[] = [],
): Promise<Response> {
  const list = listRequest(request.query, ports.clock.now());
  if ('status' in list) return errorPage(ports, site, 400, site.words.badPage, site.words.badPageText);
  const tags = [feedTag(feed), allFeedsTag, ...more];
  const page = await ports.feeds.page(feed, list.limit, list.after);
  if (page.entries.length === 0 && list.after === undefined && !standsEmpty(site, feed)) {
    return notFoundPage(ports, site, tags);
  }
  const cards = page.entries.map(({ card }) => card);
  const name = await nameOfFeed(ports.articles, site, feed, cards);
  const at = (after: string | undefined): string => feedUrl(feedPagePath(feed), list.limit, after);
  return answer(request, {
    contentType: 'text/html; charset=utf-8',
    body: await listPage(site, {
      feed,
      title: name.title,
      cards,
      self: at(list.after),
      next: page.more ? at(page.entries.at(-1)?.place) : undefined,
      isFirst: list.after === undefined,
    }),
    cacheControl: listLifetime(site.lists),
    tags: [...tags, ...name.tags],
    changedAt: page.seq,
    headers: pageHeaders(site),
  });
}

function feedUrl(base: string, limit: number, after: string | undefined): string {
  const query = new URLSearchParams({
    ...(limit !== defaultLimit && { limit: String(limit) }),
    ...(after !== undefined && { after: cursorOf(after) }),
  });
  return withQuery(base, query);
}

function withQuery(path: string, query: URLSearchParams): string {
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
