import { feedPattern, feedSegments } from '../feed/placement.ts';

export type Parameter = 'limit' | 'after' | 'since' | 'exclude';

/** One kind of page or document that the site itself serves. */
export interface Route {
  /** First segments of its paths, which no article may have. */
  readonly segments: readonly string[];
  readonly pattern: RegExp;
  /** Query parameters that change the answer, in the order in which the cache keeps them. */
  readonly parameters: readonly Parameter[];
}

/** Everything that `deliver` serves beside the pages of articles. No path fits two of them. */
export const routes = {
  health: { segments: ['healthz'], pattern: /^\/healthz$/, parameters: [] },
  robots: { segments: ['robots.txt'], pattern: /^\/robots\.txt$/, parameters: [] },
  icon: { segments: ['assets'], pattern: /^\/assets\/icon\.svg$/, parameters: [] },
  openApi: { segments: ['openapi.json'], pattern: /^\/openapi\.json$/, parameters: [] },
  changes: { segments: ['changes'], pattern: /^\/changes$/, parameters: ['since', 'after'] },
  sitemap: { segments: ['sitemap-news.xml'], pattern: /^\/sitemap-news\.xml$/, parameters: [] },
  articleJson: { segments: ['articles'], pattern: /^\/articles\/([a-z2-7]{16})\.json$/, parameters: [] },
  feed: { segments: ['feeds'], pattern: /^\/feeds\/(.+)\.(json|rss|atom)$/, parameters: ['limit', 'after'] },
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

/** What others serve on the site's host: the audio bucket, a webhook endpoint behind the same proxy, files about the site itself (RFC 8615). */
const servedElsewhere = ['audio', 'ingest', 'favicon.ico', '.well-known'];

/** First segments that no article's path may have. */
const reservedSegments: ReadonlySet<string> = new Set([
  ...Object.values<Route>(routes).flatMap(({ segments }) => segments),
  ...servedElsewhere,
]);

/** Files that browsers and crawlers look for at the root of a site: ads.txt, sw.js, sitemap.xml, site.webmanifest, favicon.ico and their like. */
const rootFile = /\.(?:txt|xml|xsl|js|mjs|json|webmanifest|ico|png|svg|css)$/i;

/** Returns the first segment of a canonical path if no article may have it. */
export function reservedSegmentOf(path: string): string | undefined {
  const [first = '', ...others] = path.slice(1).split('/');
  return reservedSegments.has(first) || (others.length === 0 && rootFile.test(first)) ? first : undefined;
}

/** How many entries a page of a feed has where the request does not say. */
export const defaultLimit = 30;

/**
 * The values that each parameter may have. Each is written in one way only, so that the cache keeps one answer once; the cache takes
 * every other value for an empty one, which is answered 400.
 */
export const parameterValues: Readonly<Record<Parameter, RegExp>> = {
  limit: /^(?:[1-9]\d?|100)$/,
  after: /^[\w-]{1,100}$/,
  since: /^(?:0|[1-9]\d{0,15})$/,
  exclude: /^[a-z2-7]{16}$/,
};

/** Every parameter that any route knows. */
export const allParameters: readonly Parameter[] = [
  ...new Set(Object.values<Route>(routes).flatMap(({ parameters }) => parameters)),
];
