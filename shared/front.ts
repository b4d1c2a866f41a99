import { articleIdOf } from './article.ts';
import type { Card } from './card.ts';
import { allFeedsTag, feedTag, frontTag, pinTag } from './tags.ts';

/** One box of a front: pinned articles, then a backfill feed up to the limit; or links only. */
export interface FrontContainer {
  readonly title: string;
  /** uris of articles, in the desk's order. */
  readonly pins?: readonly string[] | undefined;
  /** The feed that fills what the pins leave free. */
  readonly backfill?: string | undefined;
  readonly limit?: number | undefined;
  readonly seeMore?: string | undefined;
  readonly links?: readonly { readonly label: string; readonly href: string }[] | undefined;
}

/** A curated page, as the desk defines it. */
export interface Front {
  readonly name: string;
  readonly versionCreated: string;
  readonly containers: readonly FrontContainer[];
}

/** A front as readers get it. */
export interface FrontDocument {
  readonly name: string;
  readonly containers: readonly {
    readonly title: string;
    readonly seeMore?: string;
    readonly items: readonly Card[];
    readonly links?: readonly { readonly label: string; readonly href: string }[];
  }[];
}

/** The partition of a front in the articles table. */
export function frontIdOf(name: string): string {
  return `front#${name}`;
}

/** CloudFront takes 50 tags an object; the rest is kept free. */
export const mostFrontTags = 40;

const defaultLimit = 10;

/** What a front is purged by: itself, every list on it, every pin whether shown or not. */
export function frontTags(front: Front): string[] {
  return [
    ...new Set([
      frontTag(front.name),
      allFeedsTag,
      ...front.containers.flatMap(({ backfill }) => (backfill === undefined ? [] : [feedTag(backfill)])),
      ...pinsOf(front).map((uri) => pinTag(articleIdOf(uri))),
    ]),
  ];
}

export function pinsOf(front: Front): string[] {
  return [...new Set(front.containers.flatMap(({ pins }) => pins ?? []))];
}

/**
 * Fills a front. No article stands on it twice: pins beat backfill, earlier containers win. A pin that is not live is
 * skipped and the backfill moves up. `exclude` leaves one article out without shortening any list.
 *
 * `pinned` holds the cards of the pins that are listed now, by uri; `read` yields a feed's cards, newest first.
 */
export async function fillFront(
  front: Front,
  pinned: ReadonlyMap<string, Card>,
  read: (feed: string) => AsyncIterator<Card>,
  exclude: string | undefined,
): Promise<FrontDocument> {
  const shown = new Set(exclude === undefined ? [] : [exclude]);
  const filled = front.containers.map(({ pins = [], limit = defaultLimit }) => {
    const items: Card[] = [];
    for (const uri of pins) {
      const card = pinned.get(uri);
      if (card === undefined || items.length === limit || shown.has(card.articleId)) continue;
      shown.add(card.articleId);
      items.push(card);
    }
    return items;
  });

  // One reader a feed: what one container took or passed over is over for the next.
  const feeds = new Map<string, AsyncIterator<Card>>();
  const containers: FrontDocument['containers'][number][] = [];
  for (const [index, { title, backfill, limit = defaultLimit, seeMore, links }] of front.containers.entries()) {
    const items = filled[index] ?? [];
    if (backfill !== undefined) {
      const feed = feeds.get(backfill) ?? read(backfill);
      feeds.set(backfill, feed);
      while (items.length < limit) {
        const next = await feed.next();
        if (next.done === true) break;
        if (shown.has(next.value.articleId)) continue;
        shown.add(next.value.articleId);
        items.push(next.value);
      }
    }
    containers.push({ title, ...(seeMore !== undefined && { seeMore }), items, ...(links && { links }) });
  }
  return { name: front.name, containers };
}
