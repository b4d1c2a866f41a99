import { html, raw } from 'hono/html';
import { directionOf } from '../../shared/article/language.ts';
import type { Site } from './site.ts';
import { absolute } from './site.ts';

/** Returns robots.txt (RFC 9309): crawlers may read everything except what the theme's rules forbid. */
export function robotsOf({ url, theme: { robots = [] } }: Site): string {
  const more = robots.length === 0 ? '' : `${robots.join('\n')}\n\n`;
  return `User-agent: *\nAllow: /\n\n${more}Sitemap: ${url}/sitemap-news.xml\nSitemap: ${url}/sitemap.xml\n`;
}

/** Returns the site's web application manifest (W3C, "Web Application Manifest"). */
export function manifestOf(site: Site): string {
  const { name, description, language, colours, touchIcon } = site.theme;
  return JSON.stringify({
    name,
    short_name: name,
    ...(description !== undefined && { description }),
    lang: language,
    dir: directionOf(language),
    start_url: '/',
    display: 'browser',
    theme_color: colours.light.background,
    background_color: colours.light.background,
    icons: [
      { src: '/assets/icon.svg', type: 'image/svg+xml', sizes: 'any' },
      ...(touchIcon === undefined ? [] : [{ src: touchIcon, sizes: '180x180' }]),
    ],
  });
}

/**
 * Returns the description by which browsers search the site (OpenSearch 1.1); undefined if the theme names no search
 * page.
 */
export async function openSearchOf(site: Site): Promise<string | undefined> {
  const { name, language, searchPage } = site.theme;
  if (searchPage === undefined) return undefined;
  const template = absolute(site, searchPage.replace('{query}', 'QUERY')).replace('QUERY', '{searchTerms}');
  const document = await html`${raw('<?xml version="1.0" encoding="UTF-8"?>')}
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/"><ShortName>${name.slice(0, 16)}</ShortName><Description>${name}</Description><Language>${language}</Language><InputEncoding>UTF-8</InputEncoding><Url type="text/html" template="${template}"/></OpenSearchDescription>
`;
  return document.toString();
}

/** Returns ads.txt (IAB, ads.txt 1.1), which names the sellers of advertising; undefined if the theme names none. */
export function adsOf({ theme: { ads } }: Site): string | undefined {
  return ads === undefined ? undefined : `${ads.join('\n')}\n`;
}

/** Returns security.txt (RFC 9116), which names the contact for vulnerabilities; undefined if the theme names none. */
export function securityOf({ url, theme: { security, language } }: Site): string | undefined {
  if (security === undefined) return undefined;
  const { contact, expires, policy } = security;
  return [
    `Contact: ${contact}`,
    `Expires: ${expires}`,
    `Preferred-Languages: ${language}`,
    `Canonical: ${url}/.well-known/security.txt`,
    ...(policy === undefined ? [] : [`Policy: ${policy}`]),
    '',
  ].join('\n');
}
