import { authorsOf, sectionsOf, type Article } from './article.ts';
import { slugOf } from './slug.ts';

/** A feed an article stands in, and its place there. */
export interface Placement {
  readonly feed: string;
  readonly place: string;
}

export const latest = 'latest';

/** What a feed's id may look like: what it is by, and a slash path of slugs; none is longer than 120 characters. */
export const feedPattern = /^(?=.{1,120}$)(?:latest|section(?:\/[a-z0-9-]+)+|(?:topic|author|genre)\/[a-z0-9-]+)$/;

/** The feeds of an article: Latest News, each section with its parents, topics, authors, genres. Each once. */
export function feedsOf(article: Article): string[] {
  const sections = sectionsOf(article).flatMap((path) => {
    const slugs = sectionSlugs(path);
    return slugs.map((_, depth) => `section/${slugs.slice(0, depth + 1).join('/')}`);
  });
  const named = [...topicFeeds(article), ...authorFeeds(article), ...genreFeeds(article)].map(({ feed }) => feed);
  return [...new Set([latest, ...sections, ...named])];
}

/** The article in at most `most` feeds: the bylines, sections, topics and genres that come last are left out, and `leftOut` names their fields. */
export function withFewerFeeds(article: Article, most: number): { readonly article: Article; readonly leftOut: readonly ('by' | 'subjects' | 'people' | 'genres')[] } {
  if (feedsOf(article).length <= most) return { article, leftOut: [] };
  const feeds = new Set([latest]);
  const fits = (part: Partial<Article>): boolean => {
    const more = feedsOf({ uri: article.uri, versionCreated: article.versionCreated, ...part }).filter((feed) => !feeds.has(feed));
    if (feeds.size + more.length > most) return false;
    for (const feed of more) feeds.add(feed);
    return true;
  };
  const { subjects, people, genres, by, ...rest } = article;
  const kept = {
    ...(subjects && { subjects: subjects.filter((subject) => fits({ subjects: [subject] })) }),
    ...(people && { people: people.filter((person) => fits({ people: [person] })) }),
    ...(genres && { genres: genres.filter((genre) => fits({ genres: [genre] })) }),
  };
  // Names in a byline count only where no person is an author.
  const isByKept = by !== undefined && (authorsOf({ people: kept.people }).length > 0 || fits({ by }));
  return {
    article: { ...rest, ...kept, ...(isByKept && { by }) },
    leftOut: [
      ...(['subjects', 'people', 'genres'] as const).filter((field) => kept[field]?.length !== article[field]?.length),
      ...(by !== undefined && !isByKept ? (['by'] as const) : []),
    ],
  };
}

/** A feed by something that has a name of its own. */
export interface NamedFeed {
  readonly feed: string;
  readonly name: string;
}

export function topicFeeds({ subjects = [] }: Article): NamedFeed[] {
  return subjects.filter(({ rel }) => rel !== 'section').flatMap(({ name, literal }) => named('topic', name ?? literal));
}

export function authorFeeds(article: Pick<Article, 'by' | 'people'>): NamedFeed[] {
  return authorsOf(article).flatMap((name) => named('author', name));
}

export function genreFeeds({ genres = [] }: Pick<Article, 'genres'>): NamedFeed[] {
  return genres.flatMap(({ name, literal }) => named('genre', name ?? literal));
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

function named(kind: string, name: string | undefined): NamedFeed[] {
  return name === undefined || name.trim() === '' ? [] : [{ feed: `${kind}/${slugOf(name)}`, name: name.trim() }];
}
