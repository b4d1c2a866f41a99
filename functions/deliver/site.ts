import type { Lists } from '../../shared/feed/lists.ts';
import { sectionTitle, wordsOf, type Theme, type Words } from '../../shared/site/theme.ts';
import { trimmedEnd } from '../../shared/trim.ts';

/** Whose pages these are: `url` is the absolute origin of every link, without a trailing slash. */
export interface Site {
  readonly theme: Theme;
  readonly words: Words;
  readonly url: string;
  /** Purged unless told. */
  readonly lists?: Lists | undefined;
}

/** How a site is configured. */
export interface SiteSettings {
  readonly theme: Theme;
  readonly siteUrl?: string | undefined;
  /** Purged unless told. */
  readonly lists?: Lists | undefined;
}

/** A configured address, else the host the reader asked. Loopback has no TLS; everything else has. */
export function siteOf({ theme, siteUrl, lists }: SiteSettings, asked: string): Site {
  // Whatever a reader's header says, nothing but a host is ever repeated.
  const host = URL.canParse(`https://${asked}`) ? new URL(`https://${asked}`).host : 'localhost';
  const scheme = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host) ? 'http' : 'https';
  return { theme, words: wordsOf(theme), url: trimmedEnd(siteUrl ?? `${scheme}://${host}`, /\//), lists };
}

/** Where a feed's page stands: `/latest`, `/section/news/world`. */
export function feedPagePath(feed: string): string {
  return `/${feed}`;
}

/** A section's name for people, by its path: as the theme has it, else made of its slug. */
export function sectionName({ theme }: Site, path: string): string {
  return sectionTitle(theme, path) ?? nameOfSlug(path.split('/').at(-1) ?? path);
}

export function nameOfSlug(slug: string): string {
  return slug
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

/** An address of the site or of the web as an absolute one. */
export function absolute({ url }: Site, href: string): string {
  return href.startsWith('/') ? url + href : href;
}
