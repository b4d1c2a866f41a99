import { cursorOf, placeOfCursor } from '../../shared/feed/feed.ts';
import { liveFeedPattern } from '../../shared/article/post.ts';
import { feedPattern, latest } from '../../shared/feed/placement.ts';
import { allFeedsTag, feedTag } from '../../shared/purge/tags.ts';
import { defaultLimit, parameterValues } from '../../shared/site/routes.ts';
import { authorProfile } from './author-profile.ts';
import { pageHeaders } from './document.ts';
import { errorPage, notFoundPage } from './error-page.ts';
import { feedFormats, hubHeaders } from './feed-documents.ts';
import type { FeedItem } from './feed-parts.ts';
import { largestThatFits, textsOf, type FeedTexts } from './feed-texts.ts';
import { nameOfFeed } from './feed-name.ts';
import { answer, listLifetime, movedTo, problem, type Request, type Response, withQuery } from './http.ts';
import { listPage } from './list-page.ts';
import { liveStory, permalinkOf, tagsOfPosts } from './live-story.ts';
import type { DeliverPorts } from './ports.ts';
import { feedPagePath, type Site } from './site.ts';

export const largestLimit = 100;

interface ListRequest {
  readonly limit: number;
  readonly after: string | undefined;
}

/** Returns `limit` and `after`, or a 400 response if one is invalid. */
export function listRequest(query: URLSearchParams, now: number): ListRequest | Response {
  const limit = query.get('limit') ?? String(defaultLimit);
  if (!parameterValues.limit.test(limit))
    return problem(400, 'Bad limit', `limit must be a whole number from 1 to ${largestLimit}.`);
  const cursor = query.get('after');
  const after = cursor === null ? undefined : placeOfCursor(cursor, now);
  if (cursor !== null && after === undefined)
    return problem(400, 'Bad cursor', 'after must be a cursor taken from a "next" link of this feed.');
  return { limit: Number(limit), after };
}

export async function feedDocument(
  ports: DeliverPorts,
  site: Site,
  request: Request,
  feed: string,
  extension: string,
): Promise<Response> {
  // Clients that are generated from the OpenAPI document encode the slashes of a feed's id.
  const decoded = feed.replaceAll(/%2f/gi, '/');
  if (decoded !== feed && (feedPattern.test(decoded) || liveFeedPattern.test(decoded)))
    return movedTo(withQuery(`/feeds/${decoded}.${extension}`, request.query), []);
  const format = feedFormats[extension];
  const [, storyId] = liveFeedPattern.exec(feed) ?? [];
  if (!format || !(storyId !== undefined || feedPattern.test(feed)))
    return problem(404, 'Not found', 'There is no such feed.');
  const tags = storyId === undefined ? [feedTag(feed), allFeedsTag] : tagsOfPosts(storyId);
  const story = storyId === undefined ? undefined : await liveStory(ports, storyId);
  if (storyId !== undefined && !story) return problem(404, 'Not found', 'There is no live story of this id.', tags);
  const list = listRequest(request.query, ports.clock.now());
  if ('status' in list) return list;
  const page = await ports.feeds.page(feed, list.limit, list.after);
  if (page.entries.length === 0 && list.after === undefined && !story && !existsWhenEmpty(site, feed))
    return problem(404, 'Not found', 'There is no such feed.', tags);

  const language = story?.head.card?.language;
  const entries = story
    ? page.entries.map((entry) => ({
        ...entry,
        card: {
          ...(language !== undefined && { language }),
          ...entry.card,
          path: permalinkOf(story.head.articleId, entry.card),
        },
      }))
    : page.entries;
  const cards = entries.map(({ card }) => card);
  const [name, texts] = await Promise.all([
    story ? { title: story.head.card?.headline ?? '', tags: [] } : nameOfFeed(ports.articles, site, feed, cards),
    // A feed of posts always has their texts.
    format.hasTexts === true || story || site.theme.feeds.text === 'full'
      ? textsOf(ports, site, entries, story !== undefined)
      : ({ items: entries, tags: [], changedAt: 0 } satisfies FeedTexts),
  ]);
  const at = (after: string | undefined): string =>
    feedUrl(`${site.url}/feeds/${feed}.${extension}`, list.limit, after);
  const selfUrl = at(list.after);
  // A post that was withdrawn before the story became public was never public itself, and its uri may name its subject.
  const publicSince = Date.parse(story?.head.card?.firstPublished ?? '1970-01-01');
  const write = async (items: readonly FeedItem[]): Promise<string> =>
    format.write(site, {
      feed,
      page: story?.head.path ?? feedPagePath(feed),
      title: name.title,
      items,
      removed: page.removed.filter(({ seq }) => seq >= publicSince),
      changedAt: new Date(Math.max(page.seq, texts.changedAt)),
      selfUrl,
      nextUrl: page.more || items.length < page.entries.length ? at(page.entries[items.length - 1]?.place) : undefined,
    });
  return answer(request, {
    contentType: format.contentType,
    body: await largestThatFits(texts.items, write),
    cacheControl: listLifetime(site.lists),
    tags: [...new Set([...tags, ...name.tags, ...texts.tags])],
    // No Last-Modified: libcurl ignores a body that is not newer by a second, whatever its ETag, and so loses a story.
    changedAt: 0,
    headers: { 'access-control-allow-origin': '*', ...hubHeaders(site, selfUrl) },
  });
}

/** Returns whether a feed exists before its first story: Latest News, and each section that the theme names. */
function existsWhenEmpty({ theme }: Site, feed: string): boolean {
  return feed === latest || theme.sections.some(({ path }) => feed === `section/${path}`);
}

export async function feedPage(
  ports: DeliverPorts,
  site: Site,
  request: Request,
  feed: string,
  more: readonly string[] = [],
): Promise<Response> {
  const list = listRequest(request.query, ports.clock.now());
  if ('status' in list) return errorPage(ports, site, 400, site.words.badPage, site.words.badPageText);
  const tags = [feedTag(feed), allFeedsTag, ...more];
  const isFirst = list.after === undefined;
  const [page, profile] = await Promise.all([
    ports.feeds.page(feed, list.limit, list.after),
    isFirst ? authorProfile(ports, feed) : undefined,
  ]);
  if (page.entries.length === 0 && isFirst && !existsWhenEmpty(site, feed)) {
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
      isFirst,
      profile,
    }),
    cacheControl: listLifetime(site.lists),
    tags: [...tags, ...name.tags],
    changedAt: Math.max(page.seq, profile?.seq ?? 0),
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
