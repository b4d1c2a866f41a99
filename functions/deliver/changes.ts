import type { Parsed } from '../../shared/field-schema.ts';
import type { changesSchema } from '../../shared/events/answer-schema.ts';
import { hasOwnPage, type Head } from '../../shared/article/head.ts';
import {
  furthestAheadMilliseconds,
  cursorAfter,
  instantOf,
  keptOf,
  listCursorIn,
  listCursorText,
  listedMilliseconds,
  overlapMilliseconds,
  startOf,
  type ListedRow,
} from '../../shared/feed/listed-change.ts';
import { latest } from '../../shared/feed/placement.ts';
import type { Articles } from '../../shared/article/ports.ts';
import type { Changes } from '../../shared/feed/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import { parameterValues, routes } from '../../shared/site/routes.ts';
import { allFeedsTag, feedTag } from '../../shared/purge/tags.ts';
import { answer, lifetimes, problem, type Request, type Response } from './http.ts';
import type { Site } from './site.ts';

export interface ChangesPorts {
  readonly articles: Pick<Articles, 'head'>;
  readonly changeList: Pick<Changes, 'page'>;
  readonly clock: Clock;
}

const pageLength = 100;

/** Returns the announcements of articles from a `seq` on, in their order, for clients that cannot receive events. */
export async function changesResponse(
  { articles, changeList, clock }: ChangesPorts,
  site: Site,
  request: Request,
): Promise<Response> {
  const now = clock.now();
  const given = request.query.get('since');
  const names: readonly string[] = routes.changes.parameters;
  if (
    [...request.query.keys()].some((name) => !names.includes(name)) ||
    (given !== null && (!parameterValues.since.test(given) || Number(given) > now + furthestAheadMilliseconds))
  )
    return problem(
      400,
      'Bad since',
      'since must be a seq of an announcement, epoch milliseconds, or what a "next" link says; there is no other parameter than since and after.',
    );
  // With a `since` in the future, a client would miss all changes before it.
  const since = given === null ? now : Math.min(Number(given), now);
  if (since < now - listedMilliseconds) return tooLongAgo();
  const cursor = request.query.get('after');
  const after = cursor === null ? undefined : listCursorIn(cursor, now);
  if (cursor !== null && after === undefined)
    return problem(400, 'Bad cursor', 'after must be a cursor taken from a "next" link of this list.');
  // One partition is read for each day since the cursor, so a cursor from years ago would read hundreds.
  if (after !== undefined && Math.min(instantOf(after.position), after.floor ?? now) < now - listedMilliseconds)
    return tooLongAgo();

  const page = await changeList.page(
    after?.position ?? startOf(since - overlapMilliseconds),
    now + overlapMilliseconds,
    pageLength,
  );
  const heads = await headsOf(articles, page.rows);
  const next = cursorAfter({ since, after }, page, now);
  const query = new URLSearchParams({
    since: String(next.since),
    ...(next.after && { after: listCursorText(next.after) }),
  });
  return answer(request, {
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({
      changes: page.rows.map((row) => changeAsOfNow(row, heads.get(row.change.detail.articleId))),
      more: page.more,
      next: `${site.url}/changes?${query.toString()}`,
    } satisfies Parsed<typeof changesSchema>),
    cacheControl: lifetimes.changes,
    // A withdrawal purges Latest News, and with it the headline in this list.
    tags: [feedTag(latest), allFeedsTag],
    changedAt: 0,
    headers: { 'access-control-allow-origin': '*' },
  });
}

function tooLongAgo(): Response {
  return problem(
    410,
    'Too long ago',
    'Changes are listed for 14 days (since is in milliseconds): read the feeds anew, then ask from the present on, without since.',
  );
}

async function headsOf(
  articles: ChangesPorts['articles'],
  rows: readonly ListedRow[],
): Promise<ReadonlyMap<string, Head | undefined>> {
  const ids = [...new Set(rows.map(({ change }) => change.detail.articleId))];
  return new Map(await Promise.all(ids.map(async (id) => [id, await articles.head(id)] as const)));
}

/**
 * Returns the change as it was announced. It has the headline and path only if the article still shows this change, so
 * that nothing withdrawn or corrected is published again.
 */
function changeAsOfNow(
  { change: { type, detail: listed } }: ListedRow,
  head: Head | undefined,
): Parsed<typeof changesSchema>['changes'][number] {
  // A row that another release wrote may have further fields.
  const detail = keptOf(listed);
  if (head?.visibility !== 'live' || !hasOwnPage(head) || head.seq !== detail.seq) return { type, ...detail };
  const { path, card, feeds = [], pathClash } = head;
  return {
    type,
    ...detail,
    ...(path !== undefined && { path }),
    ...(card && { headline: card.headline }),
    feeds: detail.feeds ?? feeds,
    ...(pathClash !== undefined && { pathClash }),
  };
}
