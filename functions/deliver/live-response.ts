import type { InferOutput } from 'valibot';
import type { newPostsSchema } from '../../shared/events/answer-schema.ts';
import { isCovered, type Card } from '../../shared/article/card.ts';
import { liveFeed, type Live } from '../../shared/article/post.ts';
import { articleTag } from '../../shared/purge/tags.ts';
import { pageHeaders } from './document.ts';
import { errorPage, notFoundPage } from './error-page.ts';
import { listRequest } from './feed-response.ts';
import { answer, listLifetime, movedTo, problem, withQuery, type Request, type Response } from './http.ts';
import { siteIn } from './language.ts';
import { olderPostsPage, writePost, type LiveContent } from './live-page.ts';
import { liveStory, postsOf, postsOnAPage, tagsOfPosts } from './live-story.ts';
import type { DeliverPorts } from './ports.ts';
import type { Site } from './site.ts';

/**
 * Returns one page of a live story's posts, and the story's fields that the page shows. `site` is in the story's
 * language.
 */
export async function liveContentOf(
  ports: DeliverPorts,
  site: Site,
  { articleId, path, card }: { readonly articleId: string; readonly path: string; readonly card: Card },
  live: Live,
  after: string | undefined,
): Promise<LiveContent> {
  const language = card.language ?? site.theme.language;
  return {
    storyId: articleId,
    path,
    live,
    page: await postsOf(ports, articleId, after, async (post, isPinned) => writePost(site, post, isPinned, language)),
    isRunning: isCovered({ live }, ports.clock.now()),
  };
}

/** Returns a page with the posts of a live story below a cursor. */
export async function olderPosts(
  ports: DeliverPorts,
  site: Site,
  request: Request,
  storyId: string,
): Promise<Response> {
  const story = await liveStory(ports, storyId);
  const tags = tagsOfPosts(storyId);
  const { path, card } = story?.head ?? {};
  if (!story || path === undefined || card === undefined) return notFoundPage(ports, site, tags);
  const list = listRequest(request.query, ports.clock.now());
  if ('status' in list) return errorPage(ports, site, 400, site.words.badPage, site.words.badPageText);
  if (list.after === undefined) return movedTo(path, [articleTag(storyId)]);
  const ownSite = siteIn(site, story.article.language);
  const content = await liveContentOf(ports, ownSite, { articleId: storyId, path, card }, story.live, list.after);
  return answer(request, {
    contentType: 'text/html; charset=utf-8',
    body: await olderPostsPage(ownSite, card, content, withQuery(request.path, request.query)),
    cacheControl: listLifetime(site.lists),
    tags,
    changedAt: Math.max(story.head.seq, content.page.seq),
    headers: pageHeaders(site),
  });
}

/** Returns the ids of the newest posts, which every open page of the story polls. */
export async function newPosts(ports: DeliverPorts, site: Site, request: Request, storyId: string): Promise<Response> {
  const story = await liveStory(ports, storyId);
  const tags = tagsOfPosts(storyId);
  if (!story) return problem(404, 'Not found', 'There is no live story of this id.', tags);
  const { entries } = await ports.feeds.page(liveFeed(storyId), postsOnAPage, undefined);
  const { coverageEndTime } = story.live;
  return answer(request, {
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({
      posts: entries.map(({ card }) => card.articleId),
      ...(coverageEndTime !== undefined && { coverageEndTime }),
    } satisfies InferOutput<typeof newPostsSchema>),
    cacheControl: listLifetime(site.lists),
    tags,
    changedAt: 0,
    headers: { 'access-control-allow-origin': '*' },
  });
}
