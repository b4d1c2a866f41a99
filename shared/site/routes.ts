import { feedPattern, feedSegments } from '../feed/placement.ts';

export type Parameter = 'limit' | 'after' | 'since' | 'exclude';

/** One kind of page or document that the site itself serves. */
export interface Route {
  /** The first segments of its paths, which no article's path may have. */
  readonly segments: readonly string[];
  readonly pattern: RegExp;
  /** The query parameters that change the response, in the order of the cache key. */
  readonly parameters: readonly Parameter[];
  /** Whether a request with another parameter is rejected. Other routes ignore it. */
  readonly rejectsOthers?: true;
}

/** Every route of `deliver` except the articles' own paths. No path matches two of them. */
export const routes = {
  health: { segments: ['healthz'], pattern: /^\/healthz$/, parameters: [] },
  robots: { segments: ['robots.txt'], pattern: /^\/robots\.txt$/, parameters: [] },
  icon: { segments: ['assets', 'favicon.ico'], pattern: /^\/(?:assets\/icon\.svg|favicon\.ico)$/, parameters: [] },
  manifest: { segments: ['site.webmanifest'], pattern: /^\/site\.webmanifest$/, parameters: [] },
  openSearch: { segments: ['opensearch.xml'], pattern: /^\/opensearch\.xml$/, parameters: [] },
  ads: { segments: ['ads.txt'], pattern: /^\/ads\.txt$/, parameters: [] },
  security: { segments: ['.well-known'], pattern: /^\/\.well-known\/security\.txt$/, parameters: [] },
  sitemapIndex: { segments: ['sitemap.xml'], pattern: /^\/sitemap\.xml$/, parameters: [] },
  sitemapMonth: { segments: [], pattern: /^\/sitemap-(\d{4}-(?:0[1-9]|1[0-2]))\.xml$/, parameters: [] },
  openApi: { segments: ['openapi.json'], pattern: /^\/openapi\.json$/, parameters: [] },
  changes: { segments: ['changes'], pattern: /^\/changes$/, parameters: ['since', 'after'], rejectsOthers: true },
  sitemap: { segments: ['sitemap-news.xml'], pattern: /^\/sitemap-news\.xml$/, parameters: [] },
  articleJson: { segments: ['articles'], pattern: /^\/articles\/([a-z2-7]{16})\.json$/, parameters: [] },
  moreOnTopic: { segments: ['articles'], pattern: /^\/articles\/([a-z2-7]{16})\.fragment\.html$/, parameters: [] },
  posts: {
    segments: ['articles'],
    pattern: /^\/articles\/([a-z2-7]{16})\.posts\.html$/,
    parameters: ['after'],
  },
  newPosts: { segments: ['articles'], pattern: /^\/articles\/([a-z2-7]{16})\.posts\.json$/, parameters: [] },
  preview: { segments: ['preview'], pattern: /^\/preview\/([\w-]+\.[\w-]+\.[\w-]+)$/, parameters: [] },
  feed: { segments: ['feeds'], pattern: /^\/feeds\/(.+)\.(json|rss|atom|mrss)$/, parameters: ['limit', 'after'] },
  front: {
    segments: ['fronts'],
    pattern: /^\/fronts\/([a-z0-9][a-z0-9-]{0,63})\.(json|html)$/,
    parameters: ['exclude'],
  },
  fragment: { segments: ['fronts'], pattern: /^\/fronts\/([a-z0-9][a-z0-9-]{0,63})\.fragment\.html$/, parameters: [] },
  home: { segments: [], pattern: /^\/$/, parameters: ['limit', 'after', 'exclude'] },
  list: {
    segments: feedSegments,
    pattern: new RegExp(`^\\/(${feedPattern.source.slice(1, -1)})\\/?$`),
    parameters: ['limit', 'after'],
  },
} as const satisfies Readonly<Record<string, Route>>;

/**
 * Paths on the site's host that others serve: the audio bucket, a webhook endpoint behind the same proxy, and files
 * about the site (RFC 8615).
 */
const servedElsewhere = ['audio', 'ingest', '.well-known'];

/** The first segments that no article's path may have. */
const reservedSegments: ReadonlySet<string> = new Set([
  ...Object.values<Route>(routes).flatMap(({ segments }) => segments),
  ...servedElsewhere,
]);

/**
 * Files that browsers and crawlers request at the root of a site: ads.txt, sw.js, sitemap.xml, site.webmanifest,
 * favicon.ico and similar.
 */
const rootFile = /\.(?:txt|xml|xsl|js|mjs|json|webmanifest|ico|png|svg|css)$/i;

/** Returns the first segment of a canonical path if no article may have it; undefined otherwise. */
export function reservedSegmentOf(path: string): string | undefined {
  const [first = '', ...others] = path.slice(1).split('/');
  return reservedSegments.has(first) || (others.length === 0 && rootFile.test(first)) ? first : undefined;
}

/** The number of entries on a page of a feed if the request names none. */
export const defaultLimit = 30;

/**
 * The valid values of each parameter. Each value has one spelling, so that the cache stores one copy. The cache treats
 * every other value as empty, and `deliver` answers that with 400.
 */
export const parameterValues: Readonly<Record<Parameter, RegExp>> = {
  limit: /^(?:[1-9]\d?|100)$/,
  after: /^[\w-]{1,100}$/,
  since: /^(?:0|[1-9]\d{0,15})$/,
  exclude: /^[a-z2-7]{16}$/,
};

/** Every parameter of any route. */
export const allParameters: readonly Parameter[] = [
  ...new Set(Object.values<Route>(routes).flatMap(({ parameters }) => parameters)),
];
