import { sectionsOf, topicsOf, type Article } from '../article/article.ts';
import { authorsOf } from '../article/byline.ts';
import type { Card } from '../article/card.ts';
import { slugOf } from '../article/slug.ts';

/** One feed that lists an article, and the sort position there. */
export interface Placement {
  readonly feed: string;
  readonly place: string;
}

/** Returns a key that no other placement has. */
export function keyOf({ feed, place }: Placement): string {
  return `${feed} ${place}`;
}

export const latest = 'latest';

/** A feed and the name of its topic, author or genre. */
export interface NamedFeed {
  readonly feed: string;
  readonly name: string;
}

/** The fields that place an article in feeds. */
export type FeedField = 'subjects' | 'people' | 'genres' | 'by';

/** A kind of feed besides Latest News. This object declares everything that depends on the kind. */
export interface FeedKind {
  /** The rest of a feed's id after the kind: one slug (`topic/bridges`) or a path of slugs (`section/news/world`). */
  readonly below: 'slug' | 'path';
  /** Returns the feeds of this kind that list an article. */
  readonly feedsOf: (article: Pick<Article, FeedField>) => readonly NamedFeed[];
  /** The fields that `feedsOf` reads. */
  readonly fields: readonly FeedField[];
  /** Returns the feeds whose names a card contains, so that no article has to be read to name them. */
  readonly feedsOnCard: (card: Pick<Card, 'by' | 'genres' | 'topics'>) => readonly NamedFeed[];
  /** Where an article's page links to the feed: above the headline, in the byline, or below the text. */
  readonly linkedFrom: 'kicker' | 'byline' | 'topics';
  /** The setting of a subscription that selects feeds of this kind. */
  readonly setting: string;
}

/** Every kind of feed. To add one, add an entry here: CONTRIBUTING.md, "Add a feed kind". */
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
    feedsOf: (article) => topicsOf(article).flatMap((name) => named('topic', name)),
    feedsOnCard: ({ topics = [] }) => topics.flatMap((name) => named('topic', name)),
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

/** The settings of a subscription that select feeds. */
export type FeedSetting = (typeof feedKinds)[FeedKindName]['setting'];

const kinds: readonly FeedKind[] = Object.values(feedKinds);
const kindsBelow = (below: FeedKind['below']): string[] =>
  Object.entries<FeedKind>(feedKinds).flatMap(([kind, one]) => (one.below === below ? [kind] : []));

/** The first segments of feeds' ids. */
export const feedSegments: readonly string[] = [latest, ...Object.keys(feedKinds)];

/** Matches the id of a feed: its kind and a slash path of slugs, at most 120 characters. */
export const feedPattern = new RegExp(
  String.raw`^(?=.{1,120}$)(?:${latest}|${kindsBelow('path')
    .map((kind) => String.raw`${kind}(?:\/[a-z0-9-]+)+`)
    .join('|')}|(?:${kindsBelow('slug').join('|')})\/[a-z0-9-]+)$`,
);

/**
 * Returns the feeds of an article without duplicates: Latest News, each section with its parents, topics, authors,
 * genres.
 */
export function feedsOf(article: Article): string[] {
  return [...new Set([latest, ...kinds.flatMap((kind) => kind.feedsOf(article).map(({ feed }) => feed))])];
}

/** Returns the feeds that one place of an article's page links to, without duplicates. */
export function feedsLinkedFrom(place: FeedKind['linkedFrom'], article: Pick<Article, FeedField>): NamedFeed[] {
  const linked = kinds.filter(({ linkedFrom }) => linkedFrom === place).flatMap((kind) => kind.feedsOf(article));
  return [...new Map(linked.map((one) => [one.feed, one])).values()];
}

/** Returns the feeds that a setting of a subscription selects: sections by path, all others by name. */
export function feedsNamed(setting: FeedSetting, names: readonly string[]): string[] {
  return Object.entries<FeedKind>(feedKinds)
    .filter(([, kind]) => kind.setting === setting)
    .flatMap(([kind, { below }]) =>
      names.map((name) => `${kind}/${below === 'path' ? sectionSlugs(name).join('/') : slugOf(name)}`),
    );
}

/** The byline comes last, since its names count only if no person is an author. */
const feedFields = [...new Set(kinds.flatMap(({ fields }) => fields))].sort(
  (a, b) => Number(a === 'by') - Number(b === 'by'),
);

/**
 * Returns the article with at most `most` feeds. The last values of its fields are left out, and `leftOut` names these
 * fields.
 */
export function withFewerFeeds(
  article: Article,
  most: number,
): { readonly article: Article; readonly leftOut: readonly FeedField[] } {
  if (feedsOf(article).length <= most) return { article, leftOut: [] };
  const feeds = new Set([latest]);
  let kept: Pick<Article, FeedField> = {};
  /** Keeps a value if the feeds that it adds still fit. */
  const fits = (part: Pick<Article, FeedField>): boolean => {
    const more = feedsOf({ uri: article.uri, versionCreated: article.versionCreated, ...part }).filter(
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
        ? fits({ ...kept, [field]: value })
          ? value
          : undefined
        : value.filter((one) => fits({ [field]: [one] }));
    if (fitting?.length !== value.length) leftOut.push(field);
    kept = { ...kept, [field]: fitting };
  }
  return { article: { ...article, ...kept }, leftOut };
}

/** Returns the slugs of a section's path, outermost first: `News/World` → `news`, `world`. */
export function sectionSlugs(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment.trim() !== '')
    .map(slugOf);
}

/**
 * Returns the sort position of an article in every feed: first publication (UTC, fixed width), then the id. Feeds are
 * read descending.
 */
export function placeOf(articleId: string, firstPublished: number): string {
  return `${new Date(firstPublished).toISOString()}#${articleId}`;
}

/** Returns a section and its parents, outermost first. */
function sectionFeeds(path: string): NamedFeed[] {
  const slugs = sectionSlugs(path);
  return slugs.map((slug, depth) => ({ feed: `section/${slugs.slice(0, depth + 1).join('/')}`, name: slug }));
}

function named(kind: string, name: string | undefined): NamedFeed[] {
  return name === undefined || name.trim() === '' ? [] : [{ feed: `${kind}/${slugOf(name)}`, name: name.trim() }];
}
