import type { InferOutput } from 'valibot';
import type { articleSchema } from '../../shared/events/answer-schema.ts';
import type { Card } from '../../shared/article/card.ts';
import { isStripped } from '../../shared/article/erasure.ts';
import { hasOwnPage, type Head } from '../../shared/article/head.ts';
import { forReaders } from '../../shared/article/ninjs.ts';
import type { Live } from '../../shared/article/post.ts';
import { canonicalPath } from '../../shared/article/path.ts';
import { articleWithout, pictureIdsOf } from '../../shared/picture/picture.ts';
import { canaryUri, shownHeader, shownText } from '../../shared/trace/publish-trace.ts';
import { articleTag, galleriesTag, pictureTag } from '../../shared/purge/tags.ts';
import { articleIdOf, type Article } from '../../shared/article/article.ts';
import { routes } from '../../shared/site/routes.ts';
import { articlePage } from './article-page.ts';
import { pageHeaders } from './document.ts';
import { errorPage, notFoundPage } from './error-page.ts';
import {
  answer,
  listLifetime,
  movedTo,
  pageLifetime,
  problem,
  withQuery,
  type Request,
  type Response,
} from './http.ts';
import { siteIn } from './language.ts';
import { articleShownAt } from './live-article.ts';
import type { LiveContent } from './live-page.ts';
import { liveContentOf } from './live-response.ts';
import { tagsOfPosts } from './live-story.ts';
import type { DeliverPorts } from './ports.ts';
import { readAloud } from './read-aloud.ts';
import { relatedTo, type Related } from './related.ts';
import type { Site } from './site.ts';

type LiveHead = Head & { readonly card: Card; readonly path: string; readonly version: string };

export async function articleJson(
  ports: DeliverPorts,
  site: Site,
  request: Request,
  articleId: string,
): Promise<Response> {
  const { head, article, tags } = await readLive(ports, site, articleId);
  if (!head || !article) {
    const next = await continuationOf(ports, head, tags);
    if (next.path !== undefined) return movedTo(`/articles/${next.articleId}.json`, next.tags);
    return head?.visibility === 'gone'
      ? problem(410, 'Gone', 'This article was withdrawn.', next.tags)
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

/** Returns the page at an article's present path, in any encoding. Its other and former paths redirect there. */
export async function articleAt(ports: DeliverPorts, site: Site, request: Request): Promise<Response> {
  const path = canonicalPath(request.path);
  const articleId = await articleIdAt(ports, path);
  if (articleId === undefined) return redirectToLowerCase(ports, site, request);

  const { head, article, live, tags } = await readLive(ports, site, articleId);
  if (!head || !article) {
    const next = await continuationOf(ports, head, tags);
    if (next.path !== undefined) return movedTo(withQuery(next.path, request.query), next.tags);
    return head?.visibility === 'gone'
      ? errorPage(ports, site, 410, site.words.gone, site.words.goneText, next.tags)
      : notFoundPage(ports, site, tags);
  }
  // A path that differs only in its encoding is not redirected, because a proxy that re-encodes paths would loop.
  if (path !== head.path || request.path.endsWith('/'))
    return movedTo(withQuery(head.path, request.query), [articleTag(articleId)]);
  const { body, related, posts } = await renderedArticle(ports, site, head, article, live);
  return answer(request, {
    contentType: 'text/html; charset=utf-8',
    body,
    cacheControl: posts ? listLifetime(site.lists) : pageLifetime(ports.lists, head.seq, ports.clock.now()),
    tags: [...new Set([...tags, ...related.tags, ...(posts ? tagsOfPosts(articleId) : [])])],
    changedAt: Math.max(head.seq, related.changedAt, posts?.page.seq ?? 0),
    headers: {
      ...pageHeaders(site),
      [shownHeader]: shownText(articleId, head.seq),
      ...(head.uri === canaryUri && { 'x-robots-tag': 'noindex' }),
    },
  });
}

/** Returns the HTML of an article's page, and the related articles and posts in it. */
export async function renderedArticle(
  ports: DeliverPorts,
  site: Site,
  head: Head & { readonly card: Card; readonly path: string },
  article: Article,
  live: Live | undefined,
): Promise<{ readonly body: string; readonly related: Related; readonly posts: LiveContent | undefined }> {
  const [related, posts] = await Promise.all([
    relatedTo(ports, article),
    live && liveContentOf(ports, siteIn(site, article.language), head, live, undefined),
  ]);
  return { body: await articlePage(site, head, article, related, posts), related, posts };
}

/** The maximum number of articles that continue each other: a response has a tag for each. */
const maxContinuations = 40;

/**
 * Returns the live article that continues a withdrawn one, directly or through further withdrawn ones; no id and path if
 * there is none. `tags` has the given tags and those of every article on the way.
 */
async function continuationOf(
  { articles }: Pick<DeliverPorts, 'articles'>,
  withdrawn: Pick<Head, 'visibility' | 'continuedBy'> | undefined,
  tags: readonly string[],
): Promise<{ readonly articleId?: string; readonly path?: string; readonly tags: readonly string[] }> {
  const seen = new Set<string>();
  const tagsSoFar = (): string[] => [...new Set([...tags, ...[...seen].map(articleTag)])];
  for (let uri = withdrawn?.continuedBy; uri !== undefined && seen.size < maxContinuations; ) {
    const articleId = articleIdOf(uri);
    if (seen.has(articleId)) break;
    seen.add(articleId);
    const head = await articles.head(articleId);
    if (head?.visibility === 'live' && head.path !== undefined && hasOwnPage(head))
      return { articleId, path: head.path, tags: tagsSoFar() };
    uri = head?.continuedBy;
  }
  return { tags: tagsSoFar() };
}

/** Returns the id of the article that a path names, or that has or had the path. */
async function articleIdAt({ articles }: DeliverPorts, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const [, named] = /^\/articles\/([a-z2-7]{16})(?:\/|$)/.exec(path) ?? [];
  return named ?? (await articles.pathOwner(path))?.articleId;
}

/** Redirects to the same address in lower case if there is a page; else returns 404. */
async function redirectToLowerCase(ports: DeliverPorts, site: Site, request: Request): Promise<Response> {
  const path = request.path.toLowerCase();
  if (path === request.path) return notFoundPage(ports, site);
  const canonical = canonicalPath(path);
  // A token is case-sensitive.
  const { preview: _, ...others } = routes;
  const isThere =
    Object.values(others).some(({ pattern }) => pattern.test(path)) ||
    (await articleIdAt(ports, canonical)) !== undefined;
  return isThere ? movedTo(withQuery(path.replace(/(.)\/$/, '$1'), request.query), []) : notFoundPage(ports, site);
}

type LiveRead =
  | {
      readonly head: LiveHead;
      readonly article: Article;
      readonly live: Live | undefined;
      readonly tags: readonly string[];
    }
  | {
      readonly head: Pick<Head, 'visibility' | 'continuedBy'> | undefined;
      readonly article: undefined;
      readonly live: undefined;
      readonly tags: readonly string[];
    };

/**
 * CloudFront allows 50 tags on an object. The others are for the article, its related articles and its translations.
 */
const maxPictureTags = 38;

/**
 * Reads the head and, if it is live, the article that it shows. Pulled pictures are left out, but the tags include
 * theirs, so that the page is purged when they are restored.
 */
async function readLive(ports: DeliverPorts, site: Site, articleId: string): Promise<LiveRead> {
  const tags = [articleTag(articleId)];
  const head = await ports.articles.head(articleId);
  if (head?.visibility !== 'live' || head.card === undefined || head.path === undefined || head.version === undefined)
    return { head, article: undefined, live: undefined, tags };
  // A post is shown only by its live story, and a profile only by its author's page.
  if (!hasOwnPage(head)) return { head: undefined, article: undefined, live: undefined, tags };
  const version = await ports.articles.version(articleId, head.version);
  if (!version) throw new Error(`the head of ${articleId} shows a version that is not stored`);
  // The article was erased between the two reads.
  if (isStripped(version.content)) return { head: { visibility: 'gone' }, article: undefined, live: undefined, tags };
  const article = await articleShownAt(head, version.content, ports.clock.now());
  const { live } = version.content;
  // The page of a live story has the tag of all feeds, which a change of the pulled pictures purges too.
  const pictures = live ? [] : pictureIdsOf(article);
  tags.push(
    ...pictures.slice(0, maxPictureTags).map(pictureTag),
    ...(pictures.length > maxPictureTags ? [galleriesTag] : []),
  );
  return {
    head: { ...head, card: head.card, path: head.path, version: head.version },
    article: readAloud(site, articleWithout(article, await ports.pictures.pulled()), head.card),
    live,
    tags,
  };
}
