import { authorsOf, sectionsOf, type Article } from '../article/article.ts';
import type { Card } from '../article/card.ts';
import { slugOf } from '../article/slug.ts';

/** A feed an article stands in, and its place there. */
export interface Placement {
  readonly feed: string;
  readonly place: string;
}

export const latest = 'latest';

/** A feed by something that has a name of its own. */
export interface NamedFeed {
  readonly feed: string;
  readonly name: string;
}

/** Fields that place an article in feeds. */
export type FeedField = 'subjects' | 'people' | 'genres' | 'by';

/** A kind of feed beside Latest News, and all that the rest of Pressrun needs to know of it. */
export interface FeedKind {
  /** What follows the kind in a feed's id: one slug (`topic/bridges`) or a path of them (`section/news/world`). */
  readonly below: 'slug' | 'path';
  /** The feeds of this kind that list an article. */
  readonly feedsOf: (article: Pick<Article, FeedField>) => readonly NamedFeed[];
  /** The fields that `feedsOf` reads. */
  readonly fields: readonly FeedField[];
  /** The feeds whose names a card has already: then no article is read to name a list. */
  readonly feedsOnCard: (card: Pick<Card, 'by' | 'genres'>) => readonly NamedFeed[];
  /** What an article's page links to the feed: the line above the headline, a name in the byline, a word below the text. */
  readonly linkedFrom: 'kicker' | 'byline' | 'topics';
  /** The setting of a subscription that chooses stories by feeds of this kind. */
  readonly setting: string;
}

/** Every kind of feed. A new one is an entry here: CONTRIBUTING.md, "Add a feed kind". */
export const feedKinds = {
  section: {
    below: 'path',
    fields: ['subjects'],
    feedsOf: (article) => sectionsOf(article).flatMap(sectionFeeds),
    // The theme names sections.
    feedsOnCard: () => [],
    linkedFrom: 'kicker',
    setting: 'sections',
  },
  topic: {
    below: 'slug',
    fields: ['subjects'],
    feedsOf: ({ subjects = [] }) =>
      subjects.filter(({ rel }) => rel !== 'section').flatMap(({ name, literal }) => named('topic', name ?? literal)),
    feedsOnCard: () => [],
    linkedFrom: 'topics',
    setting: 'topics',
  },
  author: {
    below: 'slug',
    fields: ['people', 'by'],
    feedsOf: (article) => authorsOf(article).flatMap((name) => named('author', name)),
    feedsOnCard: ({ by }) => (by === undefined ? [] : authorsOf({ by }).flatMap((name) => named('author', name))),
    linkedFrom: 'byline',
    setting: 'authors',
  },
  genre: {
    below: 'slug',
    fields: ['genres'],
    feedsOf: ({ genres = [] }) => genres.flatMap(({ name, literal }) => named('genre', name ?? literal)),
    feedsOnCard: ({ genres = [] }) => genres.flatMap((name) => named('genre', name)),
    linkedFrom: 'topics',
    setting: 'genres',
  },
} as const satisfies Readonly<Record<string, FeedKind>>;

export type FeedKindName = keyof typeof feedKinds;

/** The settings of a subscription that choose by feed. */
export type FeedSetting = (typeof feedKinds)[FeedKindName]['setting'];

const kinds: readonly FeedKind[] = Object.values(feedKinds);
const kindsBelow = (below: FeedKind['below']): string[] =>
  Object.entries<FeedKind>(feedKinds).flatMap(([kind, one]) => (one.below === below ? [kind] : []));

/** First segments of feeds' ids. */
export const feedSegments: readonly string[] = [latest, ...Object.keys(feedKinds)];

/** What a feed's id may look like: what it is by, and a slash path of slugs; none is longer than 120 characters. */
export const feedPattern = new RegExp(
  String.raw`^(?=.{1,120}$)(?:${latest}|${kindsBelow('path')
    .map((kind) => String.raw`${kind}(?:\/[a-z0-9-]+)+`)
    .join('|')}|(?:${kindsBelow('slug').join('|')})\/[a-z0-9-]+)$`,
);

/** The feeds of an article: Latest News, each section with its parents, topics, authors, genres. Each once. */
export function feedsOf(article: Article): string[] {
  return [...new Set([latest, ...kinds.flatMap((kind) => kind.feedsOf(article).map(({ feed }) => feed))])];
}

/** The feeds that an article's page links from one place, each once. */
export function feedsLinkedFrom(place: FeedKind['linkedFrom'], article: Pick<Article, FeedField>): NamedFeed[] {
  const linked = kinds.filter(({ linkedFrom }) => linkedFrom === place).flatMap((kind) => kind.feedsOf(article));
  return [...new Map(linked.map((one) => [one.feed, one])).values()];
}

/** The feeds of a kind that a setting of a subscription names: sections by their paths, everything else by its name. */
export function feedsNamed(setting: FeedSetting, names: readonly string[]): string[] {
  return Object.entries<FeedKind>(feedKinds)
    .filter(([, kind]) => kind.setting === setting)
    .flatMap(([kind, { below }]) =>
      names.map((name) => `${kind}/${below === 'path' ? sectionSlugs(name).join('/') : slugOf(name)}`),
    );
}

/** The byline last, since the names in it count only where no person is an author. */
const feedFields = [...new Set(kinds.flatMap(({ fields }) => fields))].sort(
  (a, b) => Number(a === 'by') - Number(b === 'by'),
);

/** The article in at most `most` feeds: what comes last in its fields is left out, and `leftOut` names those fields. */
export function withFewerFeeds(
  article: Article,
  most: number,
): { readonly article: Article; readonly leftOut: readonly FeedField[] } {
  if (feedsOf(article).length <= most) return { article, leftOut: [] };
  const feeds = new Set([latest]);
  let kept: Pick<Article, FeedField> = {};
  /** Keeps a part, if the feeds that it adds to those of the rest are few enough. */
  const fits = (part: Pick<Article, FeedField>): boolean => {
    const more = feedsOf({ uri: article.uri, versionCreated: article.versionCreated, ...kept, ...part }).filter(
      (feed) => !feeds.has(feed),
    );
    if (feeds.size + more.length > most) return false;
    for (const feed of more) feeds.add(feed);
    return true;
  };
  const leftOut: FeedField[] = [];
  for (const field of feedFields) {
    const value = article[field];
    if (value === undefined) continue;
    const fitting =
      typeof value === 'string'
        ? fits({ [field]: value })
          ? value
          : undefined
        : value.filter((one) => fits({ [field]: [one] }));
    if (fitting?.length !== value.length) leftOut.push(field);
    kept = { ...kept, [field]: fitting };
  }
  return { article: { ...article, ...kept }, leftOut };
}

/** The slugs of a section's path, outermost first: `News/World` → `news`, `world`. */
export function sectionSlugs(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment.trim() !== '')
    .map(slugOf);
}

/** Where an article stands in every feed: by first publication (UTC, fixed width), then by id. Feeds are read descending. */
export function placeOf(articleId: string, firstPublished: number): string {
  return `${new Date(firstPublished).toISOString()}#${articleId}`;
}

/** A section and its parents, outermost first. */
function sectionFeeds(path: string): NamedFeed[] {
  const slugs = sectionSlugs(path);
  return slugs.map((slug, depth) => ({ feed: `section/${slugs.slice(0, depth + 1).join('/')}`, name: slug }));
}

function named(kind: string, name: string | undefined): NamedFeed[] {
  return name === undefined || name.trim() === '' ? [] : [{ feed: `${kind}/${slugOf(name)}`, name: name.trim() }];
}
