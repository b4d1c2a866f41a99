import type { Parsed } from '../field-schema.ts';
import type { frontSchema } from '../article/card-schema.ts';
import { articleIdOf } from '../article/article.ts';
import type { Card } from '../article/card.ts';
import { allFeedsTag, feedTag, frontTag, pinTag } from '../purge/tags.ts';

/** One container of a front: pinned articles and then a backfill feed up to the limit, or links only. */
export interface FrontContainer {
  readonly title: string;
  /** The articles' uris, in the desk's order. */
  readonly pins?: readonly string[] | undefined;
  /** The feed that fills the places after the pins. */
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
export type FrontDocument = Parsed<typeof frontSchema>;

/**
 * A front as a fragment for every article's page. Each container has its items and, if there is one, a spare item. A
 * page that leaves out its own story then fills the containers by the same rules: first the pins of all containers,
 * then the backfills, each container up to its limit, and no article twice.
 */
export interface SpareFront {
  readonly name: string;
  readonly containers: readonly (FrontDocument['containers'][number] & {
    readonly limit: number;
    /** The number of pins among the items; they come first. */
    readonly pins: number;
  })[];
}

/** The partition of a front in the articles table. */
export function frontIdOf(name: string): string {
  return `front#${name}`;
}

/** CloudFront allows 50 tags for each object; the difference is reserved. */
export const maxFrontTags = 40;

const defaultLimit = 10;

/** Returns the tags of a front: its own, those of its backfill feeds, and those of all pins, shown or not. */
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

/** Returns the number of stories for which a front has room. */
export function placesOf({ containers }: Pick<Front, 'containers'>): number {
  return containers.reduce(
    (places, { pins = [], backfill, limit = defaultLimit }) =>
      places + (backfill === undefined ? Math.min(limit, pins.length) : limit),
    0,
  );
}

/**
 * Fills a front. No article is on it twice: pins beat backfill, and earlier containers win. A pin that is not live is
 * skipped, and the backfill moves up. `exclude` leaves one article out without shortening any list. `pinned` has the
 * cards of the listed pins by uri. `read` yields the cards of a feed, newest first.
 */
export async function fillFront(
  front: Front,
  pinned: ReadonlyMap<string, Card>,
  read: (feed: string) => AsyncIterator<Card>,
  exclude: string | undefined,
): Promise<FrontDocument> {
  const filled = await fill(front, pinned, read, { exclude, spares: false });
  return {
    name: front.name,
    containers: front.containers.map((container, index) => documentOf(container, filled[index]?.items ?? [])),
  };
}

/** Fills a front with a spare story for each container, so that one document serves every excluded article. */
export async function fillFrontWithSpares(
  front: Front,
  pinned: ReadonlyMap<string, Card>,
  read: (feed: string) => AsyncIterator<Card>,
): Promise<SpareFront> {
  const filled = await fill(front, pinned, read, { exclude: undefined, spares: true });
  return {
    name: front.name,
    containers: front.containers.map((container, index) => {
      const { items = [], spare, pins = 0 } = filled[index] ?? {};
      return {
        ...documentOf(container, [...items, ...(spare ? [spare] : [])]),
        limit: container.limit ?? defaultLimit,
        pins,
      };
    }),
  };
}

/** The items of a container, and the item that follows if one of them is left out. */
interface Filled {
  readonly items: Card[];
  /** The number of pins among the items and the spare. */
  pins: number;
  spare?: Card;
}

async function fill(
  { containers }: Front,
  pinned: ReadonlyMap<string, Card>,
  read: (feed: string) => AsyncIterator<Card>,
  { exclude, spares }: { readonly exclude: string | undefined; readonly spares: boolean },
): Promise<Filled[]> {
  const shown = new Set(exclude === undefined ? [] : [exclude]);
  const filled = containers.map(({ pins = [], limit = defaultLimit }) => {
    const container: Filled = { items: [], pins: 0 };
    for (const uri of pins) {
      const card = pinned.get(uri);
      const isFull = container.items.length === limit;
      if (card === undefined || shown.has(card.articleId) || (isFull && (container.spare !== undefined || !spares)))
        continue;
      container.pins += 1;
      if (isFull) container.spare = card;
      else {
        shown.add(card.articleId);
        container.items.push(card);
      }
    }
    return container;
  });

  const feeds = new Map<string, ReadAgain>();
  for (const [index, { backfill, limit = defaultLimit }] of containers.entries()) {
    const container = filled[index];
    if (backfill === undefined || container === undefined || container.spare) continue;
    const feed = feeds.get(backfill) ?? new ReadAgain(read(backfill));
    feeds.set(backfill, feed);
    for (let place = 0; container.items.length < limit || (spares && !container.spare); place += 1) {
      const card = await feed.at(place);
      if (card === undefined) break;
      if (shown.has(card.articleId)) continue;
      if (container.items.length === limit) container.spare = card;
      else {
        shown.add(card.articleId);
        container.items.push(card);
      }
    }
  }
  return filled;
}

function documentOf(
  { title, seeMore, links }: FrontContainer,
  items: readonly Card[],
): FrontDocument['containers'][number] {
  return { title, ...(seeMore !== undefined && { seeMore }), items, ...(links && { links }) };
}

/** A feed that several containers share. It is read once, as far as needed. */
class ReadAgain {
  readonly #cards: AsyncIterator<Card>;
  readonly #read: Card[] = [];

  constructor(cards: AsyncIterator<Card>) {
    this.#cards = cards;
  }

  async at(place: number): Promise<Card | undefined> {
    while (this.#read.length <= place) {
      const next = await this.#cards.next();
      if (next.done === true) return undefined;
      this.#read.push(next.value);
    }
    return this.#read[place];
  }
}
