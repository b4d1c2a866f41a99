import { articleIdOf } from '../../shared/article.ts';
import type { Card } from '../../shared/card.ts';
import { fillFront, frontIdOf, frontTags, pinsOf, type Front } from '../../shared/front.ts';
import { isListed } from '../../shared/head.ts';
import type { Articles, Feeds, Fronts } from '../../shared/ports.ts';
import { frontTag } from '../../shared/tags.ts';
import { notFoundPage } from './error-page.ts';
import { answer, lifetimes, problem, type Request, type Response } from './http.ts';
import { frontPage, pageHeaders } from './page.ts';
import type { Site } from './site.ts';

export interface FrontPorts {
  readonly articles: Pick<Articles, 'head'>;
  readonly fronts: Pick<Fronts, 'head' | 'version'>;
  readonly feeds: Pick<Feeds, 'page'>;
}

/** Enough for most containers in one read; deeper ones read on. */
const backfillRows = 30;

/** A front as JSON or HTML; `undefined` where there is none. */
export async function frontResponse(
  ports: FrontPorts,
  site: Site,
  request: Request,
  name: string,
  format: 'json' | 'html',
): Promise<Response | undefined> {
  const exclude = request.query.get('exclude') ?? undefined;
  if (exclude !== undefined && !/^[a-z2-7]{16}$/.test(exclude))
    return problem(400, 'Bad exclude', 'exclude must be an articleId: 16 characters of a–z and 2–7.');
  const head = await ports.fronts.head(frontIdOf(name));
  const version =
    head?.standing === 'live' && head.version !== undefined ? await ports.fronts.version(frontIdOf(name), head.version) : undefined;
  if (!head || !version) return undefined;

  const { front } = version.content;
  const document = await fillFront(front, await pinnedCards(ports.articles, front), (feed) => cardsOf(ports.feeds, feed), exclude);
  return answer(request, {
    contentType: format === 'json' ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8',
    body: format === 'json' ? JSON.stringify(document) : await frontPage(site, document),
    cacheControl: lifetimes.list,
    tags: frontTags(front),
    // What left a front leaves no date behind: only the ETag can tell.
    changedAt: 0,
    headers: format === 'json' ? { 'access-control-allow-origin': '*' } : pageHeaders,
  });
}

export async function frontMissing(site: Site, name: string, format: 'json' | 'html'): Promise<Response> {
  const tags = [frontTag(name)];
  return format === 'json' ? problem(404, 'Not found', 'There is no front of this name.', tags) : notFoundPage(site, tags);
}

/** The cards of the pins that stand in lists now. */
async function pinnedCards(articles: Pick<Articles, 'head'>, front: Front): Promise<Map<string, Card>> {
  const found = await Promise.all(
    pinsOf(front).map(async (uri): Promise<[string, Card][]> => {
      const head = await articles.head(articleIdOf(uri));
      return isListed(head) ? [[uri, head.card]] : [];
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
