import { articleIdOf } from '../../shared/article/article.ts';
import type { Card } from '../../shared/article/card.ts';
import { fillFront, fillFrontWithSpares, frontIdOf, frontTags, pinsOf, type Front } from '../../shared/front/front.ts';
import { isLinkable } from '../../shared/article/head.ts';
import type { Articles, Fronts } from '../../shared/article/ports.ts';
import type { Feeds } from '../../shared/feed/ports.ts';
import { latest } from '../../shared/feed/placement.ts';
import { frontTag } from '../../shared/purge/tags.ts';
import { parameterValues } from '../../shared/site/routes.ts';
import { railsFronts } from '../../shared/site/theme.ts';
import { errorPage, notFoundPage } from './error-page.ts';
import { pageHeaders } from './document.ts';
import { frontPage, railsFragment } from './front-page.ts';
import { answer, listLifetime, problem, type Request, type Response } from './http.ts';
import type { Site } from './site.ts';

export interface FrontPorts {
  readonly articles: Pick<Articles, 'head'>;
  readonly fronts: Pick<Fronts, 'head' | 'version'>;
  readonly feeds: Pick<Feeds, 'page'>;
}

/** The number of entries in one read of a backfill: enough for most containers. */
const backfillRows = 30;

/** Returns a front as JSON or HTML; undefined if there is none. */
export async function frontResponse(
  ports: FrontPorts,
  site: Site,
  request: Request,
  name: string,
  format: 'json' | 'html',
): Promise<Response | undefined> {
  const exclude = request.query.get('exclude') ?? undefined;
  if (exclude !== undefined && !parameterValues.exclude.test(exclude))
    return format === 'json'
      ? problem(400, 'Bad exclude', 'exclude must be an articleId: 16 characters of a–z and 2–7.')
      : errorPage(ports, site, 400, site.words.badPage, site.words.badPageText);
  const front = await liveFront(ports.fronts, name);
  if (!front) return undefined;
  const document = await fillFront(
    front,
    await pinnedCards(ports.articles, front),
    (feed) => cardsOf(ports.feeds, feed),
    exclude,
  );
  return answer(request, {
    contentType: format === 'json' ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8',
    body: format === 'json' ? JSON.stringify(document) : await frontPage(site, document),
    cacheControl: listLifetime(site.lists),
    tags: frontTags(front),
    // The date of the newest article would not change when an article leaves the front, so only the ETag counts.
    changedAt: 0,
    headers: format === 'json' ? { 'access-control-allow-origin': '*' } : pageHeaders(site),
  });
}

/** The number of stories below an article if there is no front. */
const plainRails = 12;

/**
 * Returns the fragment below articles, the same for all of them. For a front that the theme names and that is not
 * published, this is Latest News; for any other, 404.
 */
export async function fragmentResponse(
  ports: FrontPorts,
  site: Site,
  request: Request,
  name: string,
): Promise<Response> {
  const published = await liveFront(ports.fronts, name);
  if (!published && !railsFronts(site.theme).includes(name)) return frontMissing(ports, site, name, 'html');
  const front: Front = published ?? {
    name,
    versionCreated: '',
    containers: [{ title: site.words.latest, backfill: latest, limit: plainRails, seeMore: '/latest' }],
  };
  const rails = await fillFrontWithSpares(front, await pinnedCards(ports.articles, front), (feed) =>
    cardsOf(ports.feeds, feed),
  );
  return answer(request, {
    contentType: 'text/html; charset=utf-8',
    body: await railsFragment(site, rails),
    cacheControl: listLifetime(site.lists),
    tags: frontTags(front),
    changedAt: 0,
    headers: { ...pageHeaders(site), 'x-robots-tag': 'noindex' },
  });
}

async function liveFront(fronts: FrontPorts['fronts'], name: string): Promise<Front | undefined> {
  const head = await fronts.head(frontIdOf(name));
  if (head?.visibility !== 'live' || head.version === undefined) return undefined;
  return (await fronts.version(frontIdOf(name), head.version))?.content.front;
}

export async function frontMissing(
  ports: Pick<FrontPorts, 'feeds'>,
  site: Site,
  name: string,
  format: 'json' | 'html',
): Promise<Response> {
  const tags = [frontTag(name)];
  return format === 'json'
    ? problem(404, 'Not found', 'There is no front of this name.', tags)
    : notFoundPage(ports, site, tags);
}

/** Returns the cards of the pins that lists may show now, by uri. */
async function pinnedCards(articles: Pick<Articles, 'head'>, front: Front): Promise<Map<string, Card>> {
  const found = await Promise.all(
    pinsOf(front).map(async (uri): Promise<[string, Card][]> => {
      const head = await articles.head(articleIdOf(uri));
      return isLinkable(head) ? [[uri, head.card]] : [];
    }),
  );
  return new Map(found.flat());
}

async function* cardsOf(feeds: Pick<Feeds, 'page'>, feed: string): AsyncGenerator<Card, undefined> {
  let after: string | undefined;
  for (;;) {
    const { entries, more } = await feeds.page(feed, backfillRows, after);
    for (const { card } of entries) yield card;
    after = entries.at(-1)?.place;
    if (!more) return undefined;
  }
}
