import { latest } from '../../shared/placement.ts';

/** Whose pages these are: `url` is the absolute origin of every link, without a trailing slash. */
export interface Site {
  readonly name: string;
  readonly url: string;
  /** IANA name of the newsroom's zone, such as `Europe/London`. */
  readonly timeZone: string;
  /** BCP 47, of whatever no article says. */
  readonly language: string;
}

/** How a site is configured. */
export interface SiteSettings {
  readonly siteName: string;
  readonly siteUrl?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly language?: string | undefined;
}

/** A configured address, else the host the reader asked. Loopback has no TLS; everything else has. */
export function siteOf({ siteName, siteUrl, timeZone = 'UTC', language = 'en' }: SiteSettings, asked: string): Site {
  // Whatever a reader's header says, nothing but a host is ever repeated.
  const host = URL.canParse(`https://${asked}`) ? new URL(`https://${asked}`).host : 'localhost';
  const scheme = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host) ? 'http' : 'https';
  return { name: siteName, url: (siteUrl ?? `${scheme}://${host}`).replace(/\/+$/, ''), timeZone, language };
}

/** Where a feed's page stands: `/latest`, `/section/news/world`. */
export function feedPagePath(feed: string): string {
  return `/${feed}`;
}

/** A feed's name for people. */
export function feedTitle(feed: string): string {
  if (feed === latest) return 'Latest News';
  const words = (feed.split('/').at(-1) ?? feed).split('-');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}
