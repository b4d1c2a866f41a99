import { nameOfSlug } from '../../shared/article/slug.ts';
import type { Lists } from '../../shared/feed/lists.ts';
import { sectionTitle, wordsOf, type Theme, type Words } from '../../shared/site/theme.ts';
import { trimmedEnd } from '../../shared/trim.ts';

/** The site whose pages are rendered. `url` is the absolute origin of every link, without a trailing slash. */
export interface Site {
  readonly theme: Theme;
  readonly words: Words;
  /** The language of words and dates, BCP 47. */
  readonly language: string;
  readonly url: string;
  /** The time of the request, epoch ms. */
  readonly now: number;
  /** Whether the page is a preview for the newsroom. */
  readonly isPreview?: true;
  /** `purge` unless set. */
  readonly lists?: Lists | undefined;
}

/** The configuration of a site. */
export interface SiteSettings {
  readonly theme: Theme;
  readonly siteUrl?: string | undefined;
  /** `purge` unless set. */
  readonly lists?: Lists | undefined;
}

/**
 * Returns the site at its configured origin, else at the host of the request: http for loopback, https for other hosts.
 */
export function siteOf({ theme, siteUrl, lists }: SiteSettings, asked: string, now: number): Site {
  // The header may contain anything, so only a valid host is used.
  const host = URL.canParse(`https://${asked}`) ? new URL(`https://${asked}`).host : 'localhost';
  const scheme = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host) ? 'http' : 'https';
  return {
    theme,
    words: wordsOf(theme),
    language: theme.language,
    url: trimmedEnd(siteUrl ?? `${scheme}://${host}`, /\//),
    now,
    lists,
  };
}

/** Returns the path of a feed's page: `/latest`, `/section/news/world`. */
export function feedPagePath(feed: string): string {
  return `/${feed}`;
}

/** Returns the name of a section by its path: the theme's, else the CMS's (`given`), else one made from its slug. */
export function sectionName({ theme }: Site, path: string, given?: string): string {
  return sectionTitle(theme, path) ?? given ?? nameOfSlug(path.split('/').at(-1) ?? path);
}

/** Returns a section and those above it, outermost first. `given` is the CMS's name of the section. */
export function sectionTrail(
  site: Site,
  path: string,
  given?: string,
): { readonly path: string; readonly title: string }[] {
  const slugs = path.split('/');
  return slugs
    .map((_, index) => slugs.slice(0, index + 1).join('/'))
    .map((above) => ({ path: above, title: sectionName(site, above, above === path ? given : undefined) }));
}

/** Returns an address of the site or the web as an absolute one in ASCII (URL Standard). */
export function absolute({ url }: Site, href: string): string {
  return URL.parse(href, url)?.href ?? href;
}
